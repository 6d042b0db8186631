package dev.tenon.ws.topics.nats;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.topics.Position;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Markers of nodes under test. */
final class Markers {
    private Markers() {}

    /** Waits until a node has a marker that counts for its topics. */
    static Position await(NatsBackbone node) {
        return awaitAfter(null, node);
    }

    /** Waits until a node has another marker. */
    static Position awaitAfter(@Nullable Position before, NatsBackbone node) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        Position position = node.marker.position();
        while (position == null || position.equals(before)) {
            assertTrue(System.nanoTime() < end, "the node has no new marker");
            Thread.onSpinWait();
            position = node.marker.position();
        }
        return position;
    }
}
