package dev.tenon.ws.extension;

import dev.tenon.ws.frame.FirstByte;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Joins the pieces of a message, up to a limit, then those of the next message. Not thread-safe. */
final class JoinedMessage {
    private static final byte[] NONE = {};
    /** The longest array that every JVM can allocate. */
    private static final int LONGEST = Integer.MAX_VALUE - 8;

    private final int limit;
    private boolean open;
    private FirstByte firstByte = FirstByte.of(0);
    private byte[] bytes = NONE;
    private int length;

    JoinedMessage(long limit) {
        this.limit = (int) Math.min(limit, LONGEST);
    }

    /** Whether a message is under way. */
    boolean isOpen() {
        return open;
    }

    /** Begins a message or its next frame. The RSV bits of the frame are added to those of the message. */
    void beginFrame(FirstByte frame) {
        firstByte = open ? firstByte.withRsv(firstByte.rsv() | frame.rsv()) : frame.withFin(true);
        open = true;
    }

    /** The first byte of the whole message as one frame. */
    FirstByte firstByte() {
        return firstByte;
    }

    /**
     * Adds a piece.
     *
     * @return the whole message if this is its last piece, which may be the piece itself; null if not
     */
    @Nullable
    ByteBuffer add(ByteBuffer piece, boolean last) {
        int added = piece.remaining();
        if (added > limit - length) {
            throw MessageCodec.tooLong();
        }
        open = !last;
        if (last && length == 0) {
            return piece;
        }
        if (length + added > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(limit, Math.max(2L * bytes.length, length + added)));
        }
        piece.get(bytes, length, added);
        length += added;
        return last ? release() : null;
    }

    private ByteBuffer release() {
        ByteBuffer whole = ByteBuffer.wrap(bytes, 0, length);
        bytes = NONE;
        length = 0;
        return whole;
    }
}
