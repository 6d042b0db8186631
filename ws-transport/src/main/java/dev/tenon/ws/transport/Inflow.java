package dev.tenon.ws.transport;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that have come and could not be taken yet. They stand in front of all that comes later:
 *
 * <pre>
 *     [ kept ] + [ fresh ]  →  taken by the protocol  →  [ the rest is kept ]
 * </pre>
 *
 * It also says how much to read at once: little at first and after a protocol has left something, so that what is held for
 * a slow application stays small; twice as much after each read that filled its buffer and was taken whole.
 */
final class Inflow {
    private static final int LEAST = 16 * 1024;

    private @Nullable ByteBuffer kept;
    private int readSize = LEAST;

    /** Whether the next {@link #join} returns the fresh bytes themselves, which are borrowed, and not a copy. */
    boolean borrows() {
        return kept == null;
    }

    /** The kept bytes and, behind them, fresh ones. What is left of the result has to be {@linkplain #keep kept}. */
    ByteBuffer join(ByteBuffer fresh) {
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
    @Nullable
    ByteBuffer take() {
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
    void keep(ByteBuffer rest, boolean borrowed) {
        if (rest.hasRemaining()) {
            kept = borrowed ? ByteBuffer.allocate(rest.remaining()).put(rest).flip() : rest;
            readSize = LEAST;
        }
    }

    /** How many bytes the next read may bring. */
    int readSize() {
        return readSize;
    }

    /** A read has brought some bytes, of which nothing was kept. */
    void grow(int length, int most) {
        if (length == readSize && readSize < most && kept == null) {
            readSize = Math.min(2 * readSize, most);
        }
    }

    void clear() {
        kept = null;
    }
}
