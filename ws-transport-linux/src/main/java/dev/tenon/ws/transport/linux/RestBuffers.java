package dev.tenon.ws.transport.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Native memory for the bytes that sockets have not taken: one buffer for each such socket, with room for all bytes that
 * a key can have in the {@link SendQueue}. The memory of several buffers is a slab, which is allocated and freed at once.
 * Released buffers are used again; a slab without a buffer in use is freed if there are many unused buffers. For the
 * selector's thread.
 */
final class RestBuffers {
    /** So many unused buffers are kept. */
    static final int MOST_KEPT = 64;
    /** The number of buffers of a slab. */
    static final int SLAB = 32;

    /** A buffer, and the slab to which it returns. */
    record Buffer(ByteBuffer bytes, Slab slab) {}

    private final Supplier<Arena> arenas;
    private final Set<Slab> slabs = new HashSet<>();
    /** The slabs with unused buffers. Those without a buffer in use are the last ones, and are used last. */
    private final Deque<Slab> withRoom = new ArrayDeque<>();

    private int unused;

    /** Uses memory of these arenas, one for each slab. An arena must allow any thread to close it. */
    RestBuffers(Supplier<Arena> arenas) {
        this.arenas = arenas;
    }

    /**
     * Returns a copy of bytes. Its buffer belongs to the caller until its {@link #release}.
     *
     * @throws OutOfMemoryError if the system has no memory for it
     */
    Buffer copyOf(ByteBuffer bytes) {
        if (unused == 0) {
            allocate();
        }
        Slab from = withRoom.getFirst();
        Buffer copy = from.unused.pop();
        unused--;
        if (from.unused.isEmpty()) {
            withRoom.removeFirst();
        }
        copy.bytes.clear().put(bytes).flip();
        return copy;
    }

    private void allocate() {
        Slab added = new Slab(arenas.get());
        slabs.add(added);
        withRoom.add(added);
        unused += SLAB;
    }

    /** Takes a buffer back. The kernel must not use it any more. */
    void release(Buffer buffer) {
        Slab slab = buffer.slab;
        slab.unused.push(buffer);
        unused++;
        if (slab.unused.size() == 1) {
            withRoom.addFirst(slab);
        }
        if (slab.isUnused()) {
            withRoom.remove(slab);
            withRoom.addLast(slab);
        }
        if (unused > MOST_KEPT && withRoom.getLast().isUnused()) {
            free(withRoom.removeLast());
        }
    }

    private void free(Slab slab) {
        slabs.remove(slab);
        unused -= SLAB;
        slab.arena.close();
    }

    /** Frees the memory of all buffers. */
    void close() {
        slabs.forEach(slab -> slab.arena.close());
        slabs.clear();
        withRoom.clear();
        unused = 0;
    }

    /** The memory of {@link #SLAB} buffers. */
    private static final class Slab {
        final Arena arena;
        final Deque<Buffer> unused = new ArrayDeque<>(SLAB);

        Slab(Arena arena) {
            this.arena = arena;
            MemorySegment memory = allocate(arena);
            for (int i = 0; i < SLAB; i++) {
                long begin = (long) i * OutputRequest.MOST_QUEUED;
                unused.add(new Buffer(
                        memory.asSlice(begin, OutputRequest.MOST_QUEUED).asByteBuffer(), this));
            }
        }

        private static MemorySegment allocate(Arena arena) {
            try {
                return arena.allocate((long) SLAB * OutputRequest.MOST_QUEUED);
            } catch (OutOfMemoryError e) {
                arena.close();
                throw e;
            }
        }

        boolean isUnused() {
            return unused.size() == SLAB;
        }
    }
}
