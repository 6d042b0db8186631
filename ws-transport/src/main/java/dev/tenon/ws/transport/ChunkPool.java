package dev.tenon.ws.transport;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Buffers for bytes that wait for slow peers of one loop. A loop uses at most {@link #MOST_DIRECT} bytes of direct
 * memory for them. More bytes wait on the heap, which the garbage collector frees sooner.
 */
final class ChunkPool {
    static final int SMALL = 4 * 1024;
    static final int LARGE = 64 * 1024;
    static final int MOST_DIRECT = 1024 * 1024;

    private final ArrayDeque<ByteBuffer> small = new ArrayDeque<>();
    private final ArrayDeque<ByteBuffer> large = new ArrayDeque<>();
    private final IntFunction<ByteBuffer> allocator;
    private int slabs;
    private int mostSlabs = MOST_DIRECT / LARGE;

    ChunkPool() {
        this(ByteBuffer::allocateDirect);
    }

    /** A pool with another source of direct memory. */
    ChunkPool(IntFunction<ByteBuffer> allocator) {
        this.allocator = allocator;
    }

    /** A buffer for {@code length} bytes or a part of them. The more bytes wait, the larger the buffer. */
    ByteBuffer acquire(long length) {
        return length <= 4 * SMALL ? acquireSmall() : acquireLarge(length);
    }

    private ByteBuffer acquireSmall() {
        ByteBuffer chunk = small.pollLast();
        if (chunk == null) {
            ByteBuffer slab = directSlab();
            if (slab == null) {
                return ByteBuffer.allocate(SMALL);
            }
            for (int at = 0; at < LARGE; at += SMALL) {
                small.addLast(slab.slice(at, SMALL));
            }
            chunk = small.removeLast();
        }
        return chunk.clear();
    }

    private ByteBuffer acquireLarge(long length) {
        ByteBuffer slab = directSlab();
        return slab == null ? ByteBuffer.allocate((int) Math.min(length, LARGE)) : slab;
    }

    private @Nullable ByteBuffer directSlab() {
        ByteBuffer slab = large.pollLast();
        if (slab == null && slabs < mostSlabs) {
            slab = allocateSlab();
        }
        return slab == null ? null : slab.clear();
    }

    /** Returns null if the process has no direct memory left; it is not tried again, because the attempt takes long. */
    private @Nullable ByteBuffer allocateSlab() {
        try {
            ByteBuffer slab = allocator.apply(LARGE);
            slabs++;
            return slab;
        } catch (OutOfMemoryError none) {
            mostSlabs = slabs;
            return null;
        }
    }

    /** Returns a buffer from {@link #acquire} to the pool. */
    void release(ByteBuffer chunk) {
        if (chunk.isDirect()) {
            (chunk.capacity() == SMALL ? small : large).addLast(chunk);
        }
    }

    /** How many bytes of direct memory this pool has, in use or idle. */
    int directBytes() {
        return slabs * LARGE;
    }
}
