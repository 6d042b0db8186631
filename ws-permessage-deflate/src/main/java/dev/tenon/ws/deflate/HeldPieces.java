package dev.tenon.ws.deflate;

import dev.tenon.ws.frame.FirstByte;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Copies of pieces that arrived while the next handler was not ready, in their order. Usually one, because a caller
 * that checks {@code isReady} brings no more. Not thread-safe.
 */
final class HeldPieces {
    /** A piece, and whether its inflation has begun. */
    record Piece(FirstByte firstByte, ByteBuffer payload, boolean endOfFrame, boolean begun) {}

    private final Deque<Piece> pieces = new ArrayDeque<>(1);
    private int bytes;

    /** Adds a copy of a piece behind all others. */
    void add(FirstByte firstByte, ByteBuffer payload, boolean endOfFrame) {
        pieces.addLast(copy(firstByte, payload, endOfFrame, false));
    }

    /** Adds a copy of a piece before all others. */
    void addNext(FirstByte firstByte, ByteBuffer payload, boolean endOfFrame) {
        pieces.addFirst(copy(firstByte, payload, endOfFrame, false));
    }

    /** Adds a copy of the rest of the current piece, before all others. */
    void addRest(FirstByte firstByte, ByteBuffer payload, boolean endOfFrame) {
        pieces.addFirst(copy(firstByte, payload, endOfFrame, true));
    }

    private Piece copy(FirstByte firstByte, ByteBuffer payload, boolean endOfFrame, boolean begun) {
        bytes += payload.remaining();
        ByteBuffer copy = ByteBuffer.allocate(payload.remaining()).put(payload).flip();
        return new Piece(firstByte, copy, endOfFrame, begun);
    }

    /** Removes the first piece. */
    Piece remove() {
        Piece first = pieces.removeFirst();
        bytes -= first.payload.remaining();
        return first;
    }

    boolean isEmpty() {
        return pieces.isEmpty();
    }

    /** How many bytes of payload are held. */
    int bytes() {
        return bytes;
    }
}
