package dev.tenon.ws.topics.nats;

import dev.tenon.ws.topics.Presence;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What one watcher has been told of a topic, and what it is told next: a member is present while a node that is alive has it.
 * Thread-safe; the watcher is called holding the lock.
 */
final class PresenceView {
    private final Presence.Watcher watcher;
    private final Predicate<String> isAlive;
    /** For each member the nodes that have it, each with the snapshot in which it was seen last. */
    private final Map<String, Map<String, Integer>> nodes = new HashMap<>();
    /** What the watcher knows. */
    private final Set<String> present = new HashSet<>();

    private int snapshot;
    private boolean closed;

    PresenceView(Presence.Watcher watcher, Predicate<String> isAlive) {
        this.watcher = watcher;
        this.isAlive = isAlive;
    }

    /** From here on all entries are told anew; returns the number of the snapshot. */
    synchronized int beginSnapshot() {
        return ++snapshot;
    }

    /** All entries of a snapshot have been told: those that were told before it only are gone. */
    synchronized void endSnapshot(int number) {
        for (String member : Set.copyOf(nodes.keySet())) {
            Map<String, Integer> having = nodes.getOrDefault(member, Map.of());
            having.values().removeIf(seen -> seen < number);
            update(member);
        }
    }

    /** A node has a member, or no longer. */
    synchronized void changed(String node, String member, boolean has) {
        if (has) {
            nodes.computeIfAbsent(member, name -> new HashMap<>()).put(node, snapshot);
        } else {
            nodes.getOrDefault(member, new HashMap<>()).remove(node);
        }
        update(member);
    }

    /** A node has been found alive, or dead. */
    synchronized void nodeChanged(String node) {
        for (String member : Set.copyOf(nodes.keySet())) {
            if (nodes.getOrDefault(member, Map.of()).containsKey(node)) {
                update(member);
            }
        }
    }

    private void update(String member) {
        Map<String, Integer> having = nodes.getOrDefault(member, Map.of());
        if (having.isEmpty()) {
            nodes.remove(member);
        }
        boolean isPresent = having.keySet().stream().anyMatch(isAlive);
        if (closed || isPresent == present.contains(member)) {
            return;
        }
        if (isPresent) {
            present.add(member);
            watcher.entered(member);
        } else {
            present.remove(member);
            watcher.left(member);
        }
    }

    synchronized void close() {
        closed = true;
    }
}
