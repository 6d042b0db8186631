package dev.tenon.ws.topics.nats;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The nodes that are alive, which have sent a heartbeat within a time. Time is a parameter, from a monotonic clock.
 *
 * <p>This node reads its own heartbeats too. While they do not come back, those of the others cannot either, so no node
 * counts as dead; the time of all nodes begins again. That is also so if this process has not looked for long, because it
 * was stopped. Thread-safe.
 */
final class LiveNodes {
    private final String own;
    private final long deadAfterNanos;
    private final Map<String, Long> lastBeats = new HashMap<>();
    private long lastOwnBeat;
    private long lastLook;

    /**
     * What has changed since the last look.
     *
     * @param interrupted whether heartbeats have not arrived all the time
     * @param dead the nodes without a heartbeat for too long, which were alive before
     */
    record Look(boolean interrupted, List<String> dead) {}

    LiveNodes(String own, long deadAfterNanos, long now) {
        this.own = own;
        this.deadAfterNanos = deadAfterNanos;
        lastOwnBeat = now;
        lastLook = now;
    }

    synchronized boolean isAlive(String node) {
        return node.equals(own) || lastBeats.containsKey(node);
    }

    /** A heartbeat has arrived; returns whether its node was not alive before. */
    synchronized boolean beat(String node, long now) {
        if (node.equals(own)) {
            lastOwnBeat = now;
            return false;
        }
        return lastBeats.put(node, now) == null;
    }

    /** A node has announced its end; returns whether it was alive before. */
    synchronized boolean ended(String node) {
        return lastBeats.remove(node) != null;
    }

    /** Looks which nodes are dead. It must be called at least three times in the time after which they are. */
    synchronized Look look(boolean connected, long now) {
        boolean overslept = isLong(now - lastLook);
        lastLook = now;
        boolean interrupted = !connected || overslept || isLong(now - lastOwnBeat);
        if (interrupted) {
            lastBeats.replaceAll((node, beat) -> now);
        }
        List<String> dead = lastBeats.entrySet().stream()
                .filter(each -> now - each.getValue() > deadAfterNanos)
                .map(Map.Entry::getKey)
                .toList();
        dead.forEach(lastBeats::remove);
        return new Look(interrupted, dead);
    }

    /** Whether two heartbeats in a row cannot be so far apart, and the interruption is found before a node counts as dead. */
    private boolean isLong(long nanos) {
        return nanos > deadAfterNanos / 2;
    }
}
