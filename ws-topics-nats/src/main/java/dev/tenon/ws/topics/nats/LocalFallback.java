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
 * Serves the topics of one node from memory while NATS is unreachable ({@link OutagePolicy#LOCAL_ONLY}). Each outage has
 * its own history with its own epochs. Thread-safe. Lock order: this before {@link OpenTopic}.
 *
 * <p>The methods with the names of {@link Backbone} return null if NATS is reachable: then the caller uses NATS.
 */
final class LocalFallback {
    private final BooleanSupplier away;
    private final Map<String, OpenTopic> topics;
    /** The history of the current outage, or null. Guarded by this. */
    private @Nullable LocalBackbone history;

    /**
     * An inactive fallback.
     *
     * @param away whether NATS is unreachable now
     * @param topics the open topics of the node
     */
    LocalFallback(BooleanSupplier away, Map<String, OpenTopic> topics) {
        this.away = away;
        this.topics = topics;
    }

    /** The history of the current outage, which begins now if NATS is unreachable; null if it is reachable. */
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
            local.release(topic); // a message that was published meanwhile has opened the topic
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

    /** Ends the outage. Returns the topics that have continued locally and are now closed. */
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
