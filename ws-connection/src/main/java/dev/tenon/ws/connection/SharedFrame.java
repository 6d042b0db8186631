package dev.tenon.ws.connection;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * An encoded frame that many connections send. Of a long one there is one copy outside the heap, made with the first send: a
 * socket takes it as it is, where the JDK would copy an array for each write. Thread-safe.
 */
final class SharedFrame {
    /** From here on a copy outside the heap pays. */
    private static final int SHORTEST_DIRECT = 8 * 1024;

    private final byte[] bytes;
    private volatile @Nullable ByteBuffer direct;

    SharedFrame(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The length of frames together. */
    static int length(SharedFrame[] frames) {
        int length = 0;
        for (SharedFrame frame : frames) {
            length += frame.length();
        }
        return length;
    }

    int length() {
        return bytes.length;
    }

    /** The bytes; not to be changed. */
    byte[] bytes() {
        return bytes;
    }

    /** A new view of the bytes, from position to limit; not to be changed. */
    ByteBuffer view() {
        if (bytes.length < SHORTEST_DIRECT) {
            return ByteBuffer.wrap(bytes);
        }
        ByteBuffer copy = direct;
        return (copy == null ? copy() : copy).duplicate();
    }

    private synchronized ByteBuffer copy() {
        ByteBuffer known = direct; // another thread may have been faster
        ByteBuffer copy = known == null
                ? ByteBuffer.allocateDirect(bytes.length).put(bytes).flip()
                : known;
        direct = copy;
        return copy;
    }
}
