package dev.tenon.ws.transport.linux;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Native memory for the bytes that sockets have not taken: one buffer for each such socket, with room for all bytes that
 * a key can have in the {@link SendQueue}. Released buffers are used again. When none is in use, the memory of many
 * buffers is freed at once. For the selector's thread.
 */
final class RestBuffers {
    /** So many unused buffers are kept. */
    static final int MOST_KEPT = 64;

    private final Supplier<Arena> arenas;
    private @Nullable Arena arena;
    private final Deque<ByteBuffer> unused = new ArrayDeque<>();
    private int used;

    /** Uses memory of these arenas, one at a time. An arena must allow any thread to close it. */
    RestBuffers(Supplier<Arena> arenas) {
        this.arenas = arenas;
    }

    /**
     * Returns a copy of bytes. Its buffer belongs to the caller until its {@link #release}.
     *
     * @throws OutOfMemoryError if the system has no memory for it
     */
    ByteBuffer copyOf(ByteBuffer bytes) {
        ByteBuffer copy = unused.isEmpty() ? allocate() : unused.pop();
        used++;
        return copy.clear().put(bytes).flip();
    }

    private ByteBuffer allocate() {
        Arena from = arena;
        if (from == null) {
            from = arenas.get();
            arena = from;
        }
        return from.allocate(OutputRequest.MOST_QUEUED).asByteBuffer();
    }

    /** Takes a buffer back. The kernel must not use it any more. */
    void release(ByteBuffer buffer) {
        unused.push(buffer);
        used--;
        if (used == 0 && unused.size() > MOST_KEPT) {
            close();
        }
    }

    /** Frees the memory of all buffers. */
    void close() {
        Arena closed = arena;
        if (closed != null) {
            arena = null;
            unused.clear();
            closed.close();
        }
    }
}
