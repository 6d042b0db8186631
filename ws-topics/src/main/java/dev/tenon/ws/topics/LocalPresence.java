package dev.tenon.ws.topics;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Presence inside this process; several nodes may share it. Watchers are called on the thread that makes a member enter
 * or leave, before that call returns. If a watcher throws, the handler of that thread's uncaught exceptions receives the
 * exception, and all other calls follow.
 */
public final class LocalPresence implements Presence {
    /** The topics of all nodes. Its lock gives all changes one order. */
    private static final class Store {
        /** How often each node has entered each member of each topic. */
        final Map<String, Map<String, Map<LocalPresence, Integer>>> entries = new HashMap<>();

        final List<LocalWatch> watches = new ArrayList<>();
    }

    private record LocalWatch(LocalPresence node, String topic, Watcher watcher) implements Watch {
        void entered(String member) {
            UncaughtExceptions.runSafely(() -> watcher.entered(member));
        }

        void left(String member) {
            UncaughtExceptions.runSafely(() -> watcher.left(member));
        }

        @Override
        public void close() {
            synchronized (node.store) {
                node.store.watches.remove(this);
            }
        }
    }

    private final Store store;

    private LocalPresence(Store store) {
        this.store = store;
    }

    /**
     * Presence with its first node.
     *
     * @return the node
     */
    public static LocalPresence create() {
        return new LocalPresence(new Store());
    }

    /**
     * Another node, which shares the topics.
     *
     * @return the node
     */
    public LocalPresence node() {
        return new LocalPresence(store);
    }

    @Override
    public Stay enter(String topic, String member) {
        synchronized (store) {
            Map<String, Map<LocalPresence, Integer>> members =
                    store.entries.computeIfAbsent(topic, name -> new TreeMap<>());
            boolean isNew = !members.containsKey(member);
            members.computeIfAbsent(member, name -> new HashMap<>()).merge(this, 1, Integer::sum);
            if (isNew) {
                watches(topic).forEach(watch -> watch.entered(member));
            }
        }
        return Stay.of(CompletableFuture.completedStage(null), () -> leave(topic, member));
    }

    private List<LocalWatch> watches(String topic) {
        return store.watches.stream().filter(watch -> watch.topic.equals(topic)).toList();
    }

    private CompletionStage<@Nullable Void> leave(String topic, String member) {
        synchronized (store) {
            removeEntries(topic, member, 1);
        }
        return CompletableFuture.completedStage(null);
    }

    /** Removes entries of this node. The caller holds the lock. */
    private void removeEntries(String topic, String member, int most) {
        Map<String, Map<LocalPresence, Integer>> members = store.entries.getOrDefault(topic, Map.of());
        Map<LocalPresence, Integer> nodes = members.get(member);
        if (nodes == null) {
            return;
        }
        nodes.computeIfPresent(this, (node, count) -> count > most ? count - most : null);
        if (nodes.isEmpty()) {
            members.remove(member);
            if (members.isEmpty()) {
                store.entries.remove(topic);
            }
            watches(topic).forEach(watch -> watch.left(member));
        }
    }

    @Override
    public CompletionStage<Watch> watch(String topic, Watcher watcher) {
        LocalWatch watch = new LocalWatch(this, topic, watcher);
        synchronized (store) {
            List.copyOf(store.entries.getOrDefault(topic, Map.of()).keySet()).forEach(watch::entered);
            store.watches.add(watch);
        }
        return CompletableFuture.completedStage(watch);
    }

    @Override
    public void close() {
        synchronized (store) {
            store.watches.removeIf(watch -> watch.node == this);
            for (String topic : List.copyOf(store.entries.keySet())) {
                for (String member :
                        List.copyOf(store.entries.getOrDefault(topic, Map.of()).keySet())) {
                    removeEntries(topic, member, Integer.MAX_VALUE);
                }
            }
        }
    }
}
