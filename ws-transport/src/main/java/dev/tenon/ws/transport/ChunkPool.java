package dev.tenon.ws.transport;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/** Direct buffers for what the peers of one loop are too slow to take; kept up to a bound, and owned by nobody idle. */
final class ChunkPool {
    static final int CHUNK = 64 * 1024;
    private static final int KEPT = 64;

    private final ArrayDeque<ByteBuffer> free = new ArrayDeque<>();

    ByteBuffer take() {
        ByteBuffer chunk = free.pollLast();
        return chunk == null ? ByteBuffer.allocateDirect(CHUNK) : chunk.clear();
    }

    void giveBack(ByteBuffer chunk) {
        if (free.size() < KEPT) {
            free.addLast(chunk);
        }
    }
}
