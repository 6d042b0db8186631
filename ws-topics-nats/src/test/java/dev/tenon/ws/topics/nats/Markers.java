package dev.tenon.ws.topics.nats;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;

/** Markers of nodes under test. */
final class Markers {
    private Markers() {}

    /** Waits until a node has a marker that counts for its topics. */
    static void await(NatsBackbone node) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (node.marker.position() == null) {
            assertTrue(System.nanoTime() < end, "the node has no marker");
            Thread.onSpinWait();
        }
    }
}
