package dev.tenon.ws.server;

import dev.tenon.ws.connection.PreparedMessage;
import dev.tenon.ws.connection.SendResult;
import dev.tenon.ws.connection.WebSocket;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Topics by name, rooms of a chat for instance: each comes with its first subscriber and is forgotten with its last, so
 * names may be whatever clients ask for. For a topic that is always there, take a {@link Topic}.
 *
 * <p>Thread-safe; to be called from any thread, listeners included. What {@link Topic} says of order goes for each name.
 */
public final class Topics {
    private final SlowSubscriber policy;
    private final Map<String, Topic> byName = new HashMap<>();

    private Topics(SlowSubscriber policy) {
        this.policy = policy;
    }

    /**
     * No topics yet.
     *
     * @param policy what becomes of subscribers that are too slow
     * @return the topics
     */
    public static Topics of(SlowSubscriber policy) {
        return new Topics(policy);
    }

    /**
     * Adds a subscriber. Does nothing if it is one already, or its connection has ended.
     *
     * @param name the name of the topic
     * @param webSocket a connection of a {@link WebSocketServer}
     * @throws IllegalArgumentException if it is a connection of another kind
     */
    public synchronized void subscribe(String name, WebSocket webSocket) {
        Topic topic = byName.get(name);
        if (topic == null) {
            topic = new Topic(policy, () -> forgetIfEmpty(name));
            topic.subscribe(webSocket);
            if (!topic.isEmpty()) { // its loop has not stopped
                byName.put(name, topic);
            }
        } else {
            topic.subscribe(webSocket);
        }
    }

    /**
     * Removes a subscriber. Does nothing if it is none.
     *
     * @param name the name of the topic
     * @param webSocket a connection of a {@link WebSocketServer}
     * @throws IllegalArgumentException if it is a connection of another kind
     */
    public void unsubscribe(String name, WebSocket webSocket) {
        Topic topic = find(name);
        if (topic != null) {
            topic.unsubscribe(webSocket);
        }
    }

    /**
     * Publishes a message.
     *
     * @param name the name of the topic
     * @param message the message
     * @return as {@link Topic#publish(PreparedMessage)} says; queued if nobody has subscribed
     */
    public SendResult publish(String name, PreparedMessage message) {
        Topic topic = find(name);
        return topic == null ? SendResult.QUEUED : topic.publish(message);
    }

    /**
     * Publishes a text message, which is not even encoded if nobody has subscribed.
     *
     * @param name the name of the topic
     * @param text well-formed Unicode
     * @return as {@link #publish(String, PreparedMessage)} says
     * @throws IllegalArgumentException if the text holds a lone surrogate, and somebody has subscribed
     */
    public SendResult publishText(String name, String text) {
        Topic topic = find(name);
        return topic == null ? SendResult.QUEUED : topic.publishText(text);
    }

    /**
     * How many subscribers a topic has.
     *
     * @param name the name of the topic
     * @return the number, as {@link Topic#size()} says
     */
    public int size(String name) {
        Topic topic = find(name);
        return topic == null ? 0 : topic.size();
    }

    /**
     * The topics that have subscribers.
     *
     * @return their names at this moment
     */
    public synchronized Set<String> names() {
        return Set.copyOf(byName.keySet());
    }

    private synchronized @Nullable Topic find(String name) {
        return byName.get(name);
    }

    private synchronized void forgetIfEmpty(String name) {
        Topic topic = byName.get(name);
        if (topic != null && topic.isEmpty()) {
            byName.remove(name);
        }
    }
}
