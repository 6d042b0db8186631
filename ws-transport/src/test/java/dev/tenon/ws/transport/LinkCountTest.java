package dev.tenon.ws.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LinkCountTest {
    private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final LinkCount links = new LinkCount();

    @Test
    void aLoopDoesNotWaitForAnotherLoop() throws Exception {
        links.opened();
        synchronized (links) {
            CompletableFuture<Void> other = CompletableFuture.runAsync(() -> {
                links.opened();
                links.closed();
            });
            other.get(LONG_NANOS, TimeUnit.NANOSECONDS);
        }
        assertEquals(1, links.get());
    }

    @Test
    void theLastLinkEndsTheWait() throws Exception {
        links.opened();
        links.opened();
        assertFalse(links.awaitNone(1));
        CompletableFuture<Void> ends = CompletableFuture.runAsync(() -> {
            links.closed();
            links.closed();
        });
        assertTrue(links.awaitNone(LONG_NANOS));
        ends.get();
    }
}
