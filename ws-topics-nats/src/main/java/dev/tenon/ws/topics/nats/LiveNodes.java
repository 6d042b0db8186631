package dev.tenon.ws.topics.nats;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The nodes that are alive, which have sent a heartbeat within a time. Time is a parameter, from a monotonic clock. If
 * this process has not checked for long, because it was stopped or NATS was unreachable, the time of all nodes begins
 * again. Thread-safe.
 */
final class LiveNodes {
    private final long deadAfterNanos;
    private final Map<String, Long> lastBeats = new HashMap<>();
    private long lastLook;

    LiveNodes(long deadAfterNanos, long now) {
        this.deadAfterNanos = deadAfterNanos;
        lastLook = now;
    }

    synchronized boolean isAlive(String node) {
        return lastBeats.containsKey(node);
    }

    /** A node has sent a heartbeat; returns whether it was not alive before. */
    synchronized boolean beat(String node, long now) {
        return lastBeats.put(node, now) == null;
    }

    /** A node has announced its end; returns whether it was alive before. */
    synchronized boolean ended(String node) {
        return lastBeats.remove(node) != null;
    }

    /** Removes and returns the nodes without a heartbeat for too long. */
    synchronized List<String> removeDead(boolean heartbeatsArrive, long now) {
        boolean overslept = now - lastLook > deadAfterNanos / 2;
        lastLook = now;
        if (!heartbeatsArrive || overslept) {
            lastBeats.replaceAll((node, beat) -> now);
        }
        List<String> dead = lastBeats.entrySet().stream()
                .filter(each -> now - each.getValue() > deadAfterNanos)
                .map(Map.Entry::getKey)
                .toList();
        dead.forEach(lastBeats::remove);
        return dead;
    }
}
