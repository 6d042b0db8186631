package dev.tenon.ws.topics.nats;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which nodes are alive: those of which a beat has come within a time. Time is a parameter, of a clock that cannot be set. If
 * this process itself has not looked for long, because it was stopped or NATS was away, the nodes get their time anew.
 * Thread-safe.
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

    /** A node has sent a beat; returns whether it was not alive before. */
    synchronized boolean beat(String node, long now) {
        return lastBeats.put(node, now) == null;
    }

    /** A node has said goodbye; returns whether it was alive before. */
    synchronized boolean goodbye(String node) {
        return lastBeats.remove(node) != null;
    }

    /** Forgets the nodes of which no beat has come for too long, and returns them. */
    synchronized List<String> removeDead(boolean canJudge, long now) {
        boolean overslept = now - lastLook > deadAfterNanos / 2;
        lastLook = now;
        if (!canJudge || overslept) {
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
