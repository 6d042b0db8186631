package dev.tenon.ws.topics.nats;

import dev.tenon.ws.topics.Presence;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The members of a topic as one watcher has received them. A member is present while a live node has it. Thread-safe;
 * the watcher is called with the lock held.
 */
final class PresenceView {
    private final Presence.Watcher watcher;
    private final Predicate<String> isAlive;
    /** The nodes of each member, in the order of their arrival, each with the number of the last snapshot that contained it. */
    private final Map<String, Map<String, Integer>> nodes = new LinkedHashMap<>();
    /** The members that the watcher has received. */
    private final Set<String> present = new HashSet<>();

    private int snapshot;
    private boolean closed;

    PresenceView(Presence.Watcher watcher, Predicate<String> isAlive) {
        this.watcher = watcher;
        this.isAlive = isAlive;
    }

    /** Begins a snapshot with all entries; returns its number. */
    synchronized int beginSnapshot() {
        return ++snapshot;
    }

    /** Ends a snapshot: removes the entries that it did not contain. */
    synchronized void endSnapshot(int number) {
        for (String member : List.copyOf(nodes.keySet())) {
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

    /** A node has become alive. */
    synchronized void nodeAlive(String node) {
        for (String member : List.copyOf(nodes.keySet())) {
            if (nodes.getOrDefault(member, Map.of()).containsKey(node)) {
                update(member);
            }
        }
    }

    /** A node is dead or has ended: removes its entries. If it comes back, it stores them again. */
    synchronized void nodeGone(String node) {
        for (String member : List.copyOf(nodes.keySet())) {
            if (nodes.getOrDefault(member, new HashMap<>()).remove(node) != null) {
                update(member);
            }
        }
    }

    /** How many entries of nodes are known. */
    synchronized int size() {
        return nodes.values().stream().mapToInt(Map::size).sum();
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
            SerialTasks.runSafely(() -> watcher.entered(member));
        } else {
            present.remove(member);
            SerialTasks.runSafely(() -> watcher.left(member));
        }
    }

    synchronized void close() {
        closed = true;
    }
}
