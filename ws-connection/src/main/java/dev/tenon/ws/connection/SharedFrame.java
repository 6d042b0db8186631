package dev.tenon.ws.connection;

import java.nio.ByteBuffer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * An encoded frame that many connections send. The first send of a long frame creates a copy outside the heap, which a
 * socket writes directly; the JDK would copy an array for each write. Thread-safe.
 */
final class SharedFrame {
    /** From this length on, a copy outside the heap is worth its cost. */
    private static final int SHORTEST_DIRECT = 8 * 1024;

    private final byte[] bytes;
    private volatile @Nullable ByteBuffer shared;

    SharedFrame(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Returns the total length of frames. */
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

    /** Returns the bytes, which must not be changed. */
    byte[] bytes() {
        return bytes;
    }

    /** Returns the bytes, in the same buffer at each call. Neither the buffer nor the bytes may be changed. */
    ByteBuffer buffer() {
        ByteBuffer known = shared;
        return known == null ? share() : known;
    }

    private synchronized ByteBuffer share() {
        ByteBuffer known = shared; // another thread may have been faster
        if (known != null) {
            return known;
        }
        ByteBuffer made = bytes.length < SHORTEST_DIRECT
                ? ByteBuffer.wrap(bytes)
                : outsideHeap(bytes, ByteBuffer::allocateDirect);
        shared = made;
        return made;
    }

    /** Returns a copy outside the heap, or the array itself if the process has no direct memory left. */
    static ByteBuffer outsideHeap(byte[] bytes, IntFunction<ByteBuffer> allocator) {
        try {
            return allocator.apply(bytes.length).put(bytes).flip();
        } catch (OutOfMemoryError none) {
            return ByteBuffer.wrap(bytes);
        }
    }
}
