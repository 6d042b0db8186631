package dev.tenon.ws.topics.nats;

import dev.tenon.ws.topics.Backbone;
import dev.tenon.ws.topics.Entry;
import dev.tenon.ws.topics.KeyedMessage;
import dev.tenon.ws.topics.LocalBackbone;
import dev.tenon.ws.topics.Position;
import dev.tenon.ws.topics.Replay;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Serves the topics of one node from the memory of its process while NATS is away ({@link WhenAway#LOCAL_ONLY}). Each absence
 * has a history of its own, with its own epochs. Thread-safe; its lock is taken before that of an {@link OpenTopic}.
 *
 * <p>The methods that mirror {@link Backbone} return null when NATS is there: then the caller asks NATS.
 */
final class LocalFallback {
    private final BooleanSupplier away;
    private final Map<String, OpenTopic> topics;
    /** The history of the present absence; null while there is none. Guarded by this. */
    private @Nullable LocalBackbone history;

    /**
     * A fallback that is not in use.
     *
     * @param away whether NATS cannot be reached now
     * @param topics the topics that are open on the node
     */
    LocalFallback(BooleanSupplier away, Map<String, OpenTopic> topics) {
        this.away = away;
        this.topics = topics;
    }

    /** The history of the present absence, which begins now if NATS is away. */
    private synchronized @Nullable LocalBackbone history() {
        if (history == null && away.getAsBoolean()) {
            history = LocalBackbone.create();
        }
        return history;
    }

    synchronized @Nullable CompletionStage<Position> open(String topic, OpenTopic opened) {
        LocalBackbone local = history();
        if (local == null) {
            return null;
        }
        if (!opened.continueLocally()) {
            local.release(topic); // a message was published since the topic is known, and has opened it
        }
        return local.open(topic, receiver(opened));
    }

    private static Backbone.Receiver receiver(OpenTopic opened) {
        return new Backbone.Receiver() {
            @Override
            public void received(Entry entry) {
                opened.onLocalEntry(entry);
            }

            @Override
            public void lost(Throwable cause) {
                opened.lose(cause);
            }
        };
    }

    synchronized @Nullable CompletionStage<Position> publish(String topic, KeyedMessage message) {
        LocalBackbone local = history();
        OpenTopic opened = topics.get(topic);
        if (local == null) {
            return null;
        }
        if (opened == null) {
            return CompletableFuture.failedStage(
                    new IOException("NATS cannot be reached, and this node has no subscriber of " + topic));
        }
        if (opened.continueLocally()) {
            local.open(topic, receiver(opened));
        }
        return local.publish(topic, message);
    }

    synchronized @Nullable CompletionStage<Replay> replay(String topic, Position after) {
        LocalBackbone local = history();
        return local == null ? null : local.replay(topic, after);
    }

    synchronized void release(String topic) {
        if (history != null) {
            history.release(topic);
        }
    }

    /** NATS is back: ends the absence. Returns the topics that have continued locally, which are open no longer. */
    synchronized List<OpenTopic> end() {
        if (history == null) {
            return List.of();
        }
        history.close();
        history = null;
        List<OpenTopic> broken =
                topics.values().stream().filter(OpenTopic::isLocal).toList();
        topics.values().removeAll(broken);
        return broken;
    }
}
