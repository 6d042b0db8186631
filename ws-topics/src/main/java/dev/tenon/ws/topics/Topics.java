package dev.tenon.ws.topics;

import dev.tenon.ws.connection.PreparedMessage;
import dev.tenon.ws.connection.SendResult;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.topics.Memberships.Joined;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Named topics, for example the rooms of a chat. A topic exists from its first subscriber to its last, so clients may
 * choose any name. For a permanent topic use a {@link Topic}.
 *
 * <p>Each name has the order and the guarantees of a {@link Topic}. Thread-safe: all methods may be called from any thread,
 * listeners included.
 */
public final class Topics {
    /** The default limit of topics per connection. */
    public static final int DEFAULT_MAX_PER_CONNECTION = 1_000;

    private final SlowSubscriber policy;
    private final int maxPerConnection;
    private final int stepsPerTurn;
    private final Map<String, Topic> byName = new ConcurrentHashMap<>();
    private final TopicOwner owner = byName::remove;

    Topics(SlowSubscriber policy, int maxPerConnection, int stepsPerTurn) {
        if (maxPerConnection < 1) {
            throw new IllegalArgumentException("a connection may be in 1 topic or more, not " + maxPerConnection);
        }
        this.policy = policy;
        this.maxPerConnection = maxPerConnection;
        this.stepsPerTurn = stepsPerTurn;
    }

    /**
     * An empty set of topics. A connection may be in {@value #DEFAULT_MAX_PER_CONNECTION} of them.
     *
     * @param policy how to handle subscribers that read too slowly
     * @return the topics
     */
    public static Topics of(SlowSubscriber policy) {
        return new Topics(policy, DEFAULT_MAX_PER_CONNECTION, Topic.STEPS_PER_TURN);
    }

    /**
     * An empty set of topics with the same policy and another limit.
     *
     * @param topics how many topics a connection may be in, 1 or more. A {@link Topic} without a name counts too, but
     *     has no limit itself
     * @return new topics
     * @throws IllegalArgumentException if the number is less than 1
     */
    public Topics withMaxPerConnection(int topics) {
        return new Topics(policy, topics, stepsPerTurn);
    }

    /**
     * Adds a subscriber, which receives messages that are published from now on.
     *
     * @param name the name of the topic
     * @param webSocket a connection
     * @return whether it is a subscriber now; false if the connection has ended, or has reached its limit of topics
     */
    public boolean subscribe(String name, WebSocket webSocket) {
        Memberships memberships = Memberships.of(webSocket);
        while (true) {
            Topic topic = byName.computeIfAbsent(name, this::create);
            Joined joined = memberships.join(topic, maxPerConnection);
            topic.forgetIfEmpty();
            if (joined != Joined.FORGOTTEN) {
                return joined == Joined.SUBSCRIBED;
            }
            byName.remove(name, topic); // another thread is doing the same
        }
    }

    private Topic create(String name) {
        return new Topic(policy, stepsPerTurn, owner, name);
    }

    /** Whether no topic is kept. */
    boolean isEmpty() {
        return byName.isEmpty();
    }

    /**
     * Removes a subscriber, as {@link Topic#unsubscribe} says. Does nothing if it is none.
     *
     * @param name the name of the topic
     * @param webSocket a connection
     */
    public void unsubscribe(String name, WebSocket webSocket) {
        Topic topic = byName.get(name);
        if (topic != null) {
            topic.unsubscribe(webSocket);
        }
    }

    /**
     * Removes a subscriber from all of these topics.
     *
     * @param webSocket a connection
     */
    public void unsubscribeAll(WebSocket webSocket) {
        Memberships memberships = Memberships.find(webSocket);
        if (memberships != null) {
            for (Topic topic : memberships.topics()) {
                if (topic.belongsTo(owner)) {
                    topic.unsubscribe(webSocket);
                }
            }
        }
    }

    /**
     * Publishes a message.
     *
     * @param name the name of the topic
     * @param message the message
     * @return as {@link Topic#publish(PreparedMessage)} says; queued if there is no subscriber
     */
    public SendResult publish(String name, PreparedMessage message) {
        Topic topic = byName.get(name);
        return topic == null ? SendResult.QUEUED : topic.publish(message);
    }

    /**
     * Publishes a message to all subscribers but one, usually the sender.
     *
     * @param name the name of the topic
     * @param message the message
     * @param except does not receive the message; need not be a subscriber
     * @return as {@link Topic#publish(PreparedMessage)} says; queued if there is no subscriber
     */
    public SendResult publishExcept(String name, PreparedMessage message, WebSocket except) {
        Topic topic = byName.get(name);
        return topic == null ? SendResult.QUEUED : topic.publishExcept(message, except);
    }

    /**
     * Publishes a text message. Without a subscriber the text is not even encoded.
     *
     * @param name the name of the topic
     * @param text well-formed Unicode
     * @return as {@link #publish(String, PreparedMessage)} says
     * @throws IllegalArgumentException if the text holds a lone surrogate, and there is a subscriber
     */
    public SendResult publishText(String name, String text) {
        Topic topic = byName.get(name);
        return topic == null ? SendResult.QUEUED : topic.publishText(text);
    }

    /**
     * Publishes a text message to all subscribers but one, usually the sender.
     *
     * @param name the name of the topic
     * @param text well-formed Unicode
     * @param except does not get the message; need not be a subscriber
     * @return as {@link #publish(String, PreparedMessage)} says
     * @throws IllegalArgumentException if the text holds a lone surrogate, and there is a subscriber
     */
    public SendResult publishTextExcept(String name, String text, WebSocket except) {
        Topic topic = byName.get(name);
        return topic == null ? SendResult.QUEUED : topic.publishExcept(PreparedMessage.text(text), except);
    }

    /**
     * The number of subscribers of a topic.
     *
     * @param name the name of the topic
     * @return 0 or more
     */
    public int size(String name) {
        Topic topic = byName.get(name);
        return topic == null ? 0 : topic.size();
    }

    /**
     * The subscribers of a topic at this moment, in no particular order.
     *
     * @param name the name of the topic
     * @return a copy
     */
    public List<WebSocket> subscribers(String name) {
        Topic topic = byName.get(name);
        return topic == null ? List.of() : topic.subscribers();
    }

    /**
     * The topics that have subscribers.
     *
     * @return a copy of their names
     */
    public Set<String> names() {
        return byName.entrySet().stream()
                .filter(entry -> entry.getValue().size() > 0)
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }
}
