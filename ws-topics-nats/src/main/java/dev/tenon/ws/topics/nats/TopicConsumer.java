package dev.tenon.ws.topics.nats;

import io.nats.client.Message;
import org.jspecify.annotations.Nullable;

/**
 * The consumer of a topic. If its server does not respond, NATS's client creates another one with another name, which begins
 * behind the last message. That server may have restarted without its newest messages, and used their numbers again.
 * Thread-safe.
 */
final class TopicConsumer {
    private final OpenTopic topic;
    /** The name of the consumer of the last message, or of the first consumer. Guarded by this. */
    private @Nullable String name;

    TopicConsumer(OpenTopic topic) {
        this.topic = topic;
    }

    /** The consumer has begun; some messages may have arrived before. */
    synchronized void begun(String first) {
        name = name == null ? first : name;
    }

    void onMessage(Message message) {
        topic.onMessage(message, isOfAnother(message.metaData().getConsumer()));
    }

    private synchronized boolean isOfAnother(String consumer) {
        boolean another = name != null && !name.equals(consumer);
        name = consumer;
        return another;
    }
}
