package dev.tenon.ws.transport;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Received bytes that the receiver has not consumed yet. They precede all bytes that arrive later:
 *
 * <pre>
 *     [ kept ] + [ fresh ]  →  consumed by the receiver  →  [ the rest is kept ]
 * </pre>
 */
class KeptBytes {
    private @Nullable ByteBuffer kept;

    /** Whether no bytes are kept. */
    final boolean isEmpty() {
        return kept == null;
    }

    /**
     * The kept bytes followed by fresh ones. If none are kept, the result is the fresh buffer itself, which is
     * borrowed; otherwise it is a copy. The caller must {@linkplain #keep keep} the rest of the result.
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

    /** Removes and returns the kept bytes; null if there are none. */
    final @Nullable ByteBuffer removeAll() {
        ByteBuffer before = kept;
        kept = null;
        return before;
    }

    /**
     * Keeps the rest of a buffer.
     *
     * @param rest may be empty
     * @param borrowed whether the buffer must be copied because it has another owner
     */
    final void keep(ByteBuffer rest, boolean borrowed) {
        if (rest.hasRemaining()) {
            boolean wasteful = rest.remaining() < rest.capacity() / 2;
            kept = borrowed || wasteful
                    ? ByteBuffer.allocate(rest.remaining()).put(rest).flip()
                    : rest;
        }
    }

    final void clear() {
        kept = null;
    }
}
