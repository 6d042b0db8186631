package dev.tenon.ws.transport;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that have come and could not be taken yet. They stand in front of all that comes later:
 *
 * <pre>
 *     [ kept ] + [ fresh ]  →  taken by the receiver  →  [ the rest is kept ]
 * </pre>
 */
class KeptBytes {
    private @Nullable ByteBuffer kept;

    /** Whether there are none. */
    final boolean isEmpty() {
        return kept == null;
    }

    /**
     * The kept bytes and, behind them, fresh ones: the fresh ones themselves, which are borrowed, if none are kept, and else
     * a copy. What is left of the result has to be {@linkplain #keep kept}.
     */
    final ByteBuffer join(ByteBuffer fresh) {
        ByteBuffer before = kept;
        if (before == null) {
            return fresh;
        }
        kept = null;
        return ByteBuffer.allocate(before.remaining() + fresh.remaining())
                .put(before)
                .put(fresh)
                .flip();
    }

    /** Takes the kept bytes out, or null if there are none. */
    final @Nullable ByteBuffer take() {
        ByteBuffer before = kept;
        kept = null;
        return before;
    }

    /**
     * Keeps what is left of some bytes.
     *
     * @param rest may be empty
     * @param borrowed whether the buffer belongs to somebody else, so that the bytes have to be copied
     */
    final void keep(ByteBuffer rest, boolean borrowed) {
        if (rest.hasRemaining()) {
            kept = borrowed ? ByteBuffer.allocate(rest.remaining()).put(rest).flip() : rest;
        }
    }

    final void clear() {
        kept = null;
    }
}
