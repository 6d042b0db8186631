package dev.tenon.ws.topics;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A backbone inside this process, with a bounded history for each topic. Several nodes of one process may share it.
 *
 * <p>A receiver is called on the publisher's thread before {@link #publish} returns. A topic that no node has opened
 * keeps its history until too many other such topics have been used after it; then a new history with another epoch begins.
 */
public final class LocalBackbone implements Backbone {
    /** The topics of all nodes. Lock order: this before a topic, and only before one that is not open. */
    private static final class Store {
        /** A topic that some nodes have opened. */
        private static final class Open {
            final LocalTopic topic;
            int nodes;

            Open(LocalTopic topic) {
                this.topic = topic;
            }
        }

        final HistoryLimits limits;
        // Guarded by this.
        private final Map<String, Open> open = new HashMap<>();
        /** The topics that no node has opened, by the time of their last use, the oldest first. */
        private final Map<String, LocalTopic> idle = new LinkedHashMap<>(16, 0.75f, true);

        Store(HistoryLimits limits) {
            this.limits = limits;
        }

        /** The topic for a node that opens it. */
        synchronized LocalTopic open(String name) {
            Open opened = open.get(name);
            if (opened == null) {
                LocalTopic known = idle.remove(name);
                opened = new Open(known == null ? new LocalTopic(limits) : known);
                open.put(name, opened);
            }
            opened.nodes++;
            return opened.topic;
        }

        /** A node has released a topic that it had opened. */
        synchronized void release(String name) {
            Open opened = open.get(name);
            if (opened != null && --opened.nodes == 0) {
                open.remove(name);
                addIdle(name, opened.topic);
            }
        }

        synchronized @Nullable LocalTopic findOpen(String name) {
            Open opened = open.get(name);
            return opened == null ? null : opened.topic;
        }

        synchronized List<String> openNames() {
            return List.copyOf(open.keySet());
        }

        /** The topic for a message or a replay. */
        synchronized LocalTopic topic(String name) {
            LocalTopic known = findOpen(name);
            if (known == null) {
                known = idle.get(name);
            }
            return known == null ? addIdle(name, new LocalTopic(limits)) : known;
        }

        /** Adds the newest idle topic, and removes the oldest one if there are too many. */
        private LocalTopic addIdle(String name, LocalTopic topic) {
            idle.put(name, topic);
            if (idle.size() > limits.idleTopics()) {
                Iterator<LocalTopic> oldest = idle.values().iterator();
                oldest.next().retire();
                oldest.remove();
            }
            return topic;
        }
    }

    private final Store store;

    private LocalBackbone(Store store) {
        this.store = store;
    }

    /**
     * A backbone with its first node, and the default limits.
     *
     * @return the node
     */
    public static LocalBackbone create() {
        return create(HistoryLimits.DEFAULT);
    }

    /**
     * A backbone with its first node.
     *
     * @param limits the limits of the history
     * @return the node
     */
    public static LocalBackbone create(HistoryLimits limits) {
        return new LocalBackbone(new Store(limits));
    }

    /**
     * Another node, which shares the topics.
     *
     * @return the node
     */
    public LocalBackbone node() {
        return new LocalBackbone(store);
    }

    @Override
    public CompletionStage<Position> open(String topic, Receiver receiver) {
        try {
            return CompletableFuture.completedStage(store.open(topic).open(this, receiver));
        } catch (IllegalStateException alreadyOpen) {
            store.release(topic);
            throw alreadyOpen;
        }
    }

    @Override
    public void release(String topic) {
        LocalTopic known = store.findOpen(topic);
        if (known != null && known.release(this)) {
            store.release(topic);
        }
    }

    @Override
    public CompletionStage<Position> publish(String topic, KeyedMessage publication) {
        while (true) {
            Position position = store.topic(topic).publish(publication);
            if (position != null) {
                return CompletableFuture.completedStage(position);
            }
        }
    }

    @Override
    public CompletionStage<Replay> replay(String topic, Position after) {
        return CompletableFuture.completedStage(store.topic(topic).replay(after));
    }

    @Override
    public void close() {
        store.openNames().forEach(this::release);
    }
}
