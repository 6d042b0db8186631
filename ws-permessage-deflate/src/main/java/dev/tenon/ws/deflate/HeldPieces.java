package dev.tenon.ws.deflate;

import dev.tenon.ws.frame.FrameHeader;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Copies of pieces that came while the next handler was not ready, in their order. One as a rule, because a caller that
 * asks first brings no other. Not thread-safe.
 */
final class HeldPieces {
    /** A piece, and whether its inflation has begun. */
    record Piece(FrameHeader header, ByteBuffer payload, boolean endOfFrame, boolean begun) {}

    private final Deque<Piece> pieces = new ArrayDeque<>(1);
    private int bytes;

    /** Holds a copy of a piece behind all others. */
    void add(FrameHeader header, ByteBuffer payload, boolean endOfFrame) {
        pieces.addLast(copy(header, payload, endOfFrame, false));
    }

    /** Holds a copy of a piece before all others. */
    void addNext(FrameHeader header, ByteBuffer payload, boolean endOfFrame) {
        pieces.addFirst(copy(header, payload, endOfFrame, false));
    }

    /** Holds a copy of what is left of the piece that was under way, before all others. */
    void addRest(FrameHeader header, ByteBuffer payload, boolean endOfFrame) {
        pieces.addFirst(copy(header, payload, endOfFrame, true));
    }

    private Piece copy(FrameHeader header, ByteBuffer payload, boolean endOfFrame, boolean begun) {
        bytes += payload.remaining();
        ByteBuffer copy = ByteBuffer.allocate(payload.remaining()).put(payload).flip();
        return new Piece(header, copy, endOfFrame, begun);
    }

    /** Takes the first piece. */
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
