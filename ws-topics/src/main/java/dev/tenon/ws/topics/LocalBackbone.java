package dev.tenon.ws.topics;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A backbone inside this process, with a bounded history for each topic. Several nodes of one process may share it.
 *
 * <p>A receiver is called on the publisher's thread before {@link #publish} returns. A topic that no node has opened
 * keeps its history until too many other topics have been used after it; then a new history with another epoch begins.
 */
public final class LocalBackbone implements Backbone {
    /** The topics of all nodes. */
    private static final class Store {
        final HistoryLimits limits;
        /** By the time of their last use, the oldest first. Guarded by the store. */
        final Map<String, LocalTopic> topics = new LinkedHashMap<>(16, 0.75f, true);

        Store(HistoryLimits limits) {
            this.limits = limits;
        }

        synchronized LocalTopic topic(String name) {
            LocalTopic topic = topics.get(name);
            if (topic == null) {
                topic = new LocalTopic(limits);
                topics.put(name, topic);
                evict();
            }
            return topic;
        }

        /** Removes topics that no node has opened, the least recently used first, but not the newest. */
        private void evict() {
            Iterator<LocalTopic> oldest = topics.values().iterator();
            while (topics.size() > limits.idleTopics() && oldest.hasNext()) {
                LocalTopic candidate = oldest.next();
                if (oldest.hasNext() && candidate.retireIfIdle()) {
                    oldest.remove();
                }
            }
        }

        synchronized @Nullable LocalTopic find(String name) {
            return topics.get(name);
        }

        synchronized Iterable<LocalTopic> all() {
            return java.util.List.copyOf(topics.values());
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
        while (true) {
            Position end = store.topic(topic).open(this, receiver);
            if (end != null) {
                return CompletableFuture.completedStage(end);
            }
        }
    }

    @Override
    public void release(String topic) {
        LocalTopic known = store.find(topic);
        if (known != null) {
            known.release(this);
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
        for (LocalTopic topic : store.all()) {
            topic.release(this);
        }
    }
}
