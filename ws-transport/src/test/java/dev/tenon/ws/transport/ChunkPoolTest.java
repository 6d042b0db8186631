package dev.tenon.ws.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A pool in a process that has no direct memory left. */
class ChunkPoolTest {
    @Test
    void withoutDirectMemoryBytesWaitOnTheHeap() {
        AtomicInteger attempts = new AtomicInteger();
        ChunkPool pool = new ChunkPool(length -> {
            if (attempts.incrementAndGet() > 1) {
                throw new OutOfMemoryError("deliberate");
            }
            return ByteBuffer.allocateDirect(length);
        });
        ByteBuffer first = pool.acquire(100_000);
        assertTrue(first.isDirect());
        for (int i = 0; i < 10; i++) {
            assertFalse(pool.acquire(100_000).isDirect());
            assertFalse(pool.acquire(10).isDirect());
        }
        assertEquals(2, attempts.get(), "a failed attempt takes long");
        assertEquals(ChunkPool.LARGE, pool.directBytes());
        pool.release(first);
        assertTrue(pool.acquire(100_000).isDirect());
    }
}
