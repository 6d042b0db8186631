package dev.tenon.ws.transport;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
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
    private int slabs;

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
        if (slab == null && (slabs + 1) * LARGE <= MOST_DIRECT) {
            slabs++;
            slab = ByteBuffer.allocateDirect(LARGE);
        }
        return slab == null ? null : slab.clear();
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
