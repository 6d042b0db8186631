package dev.tenon.ws.topics;

import dev.tenon.ws.connection.WebSocket;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Named topics across processes: a message that is published on one node reaches the subscribers on all nodes, in one
 * order, and a client that reconnects receives the messages that it has missed.
 *
 * <p>A node opens a topic at its backbone once, however many subscribers it has, and prepares each message once. A
 * subscriber that is too slow is closed with 1013, so an open connection has missed nothing. Its client reconnects and
 * continues by {@link #resume}. If the backbone loses a topic or cannot open it, the subscribers are closed with 1013
 * for the same reason.
 *
 * <p>Thread-safe: all methods may be called from any thread, listeners included.
 */
public final class ClusterTopics {
    private final Backbone backbone;
    private final Envelope envelope;
    private final Map<String, Room> rooms = new ConcurrentHashMap<>();

    private ClusterTopics(Backbone backbone, Envelope envelope) {
        this.backbone = backbone;
        this.envelope = envelope;
    }

    /**
     * Topics over a backbone, which send messages as they were published.
     *
     * @param backbone the backbone of this process, for these topics only
     * @return the topics
     */
    public static ClusterTopics over(Backbone backbone) {
        return new ClusterTopics(backbone, Envelope.none());
    }

    /**
     * Topics over a backbone.
     *
     * @param backbone the backbone of this process, for these topics only
     * @param envelope creates the messages for subscribers
     * @return the topics
     */
    public static ClusterTopics over(Backbone backbone, Envelope envelope) {
        return new ClusterTopics(backbone, envelope);
    }

    /**
     * Adds a subscriber, which receives messages that are published from now on.
     *
     * @param name the name of the topic
     * @param webSocket a connection
     * @return completes when it is a subscriber, on the connection's executor or another thread; fails if the backbone does,
     *     which closes the connection with 1013, with an {@link java.io.IOException} if the connection ends or unsubscribes
     *     before, and with an {@link IllegalStateException} if it is in {@value Topics#DEFAULT_MAX_PER_CONNECTION} topics
     *     already
     */
    public CompletionStage<Subscription> subscribe(String name, WebSocket webSocket) {
        return enter(name, webSocket, null);
    }

    /**
     * Adds a subscriber that continues behind a position, on this node or another. It first receives the messages
     * behind the position, then new ones, in order, without duplicates and gaps. If the history does not reach back to
     * the position, the subscription is a new one, which {@link Subscription#recovered} says. A connection that is a
     * subscriber already receives nothing again, and is not recovered: unsubscribe it before.
     *
     * @param name the name of the topic
     * @param webSocket a connection
     * @param after the position of the last message that the client has received
     * @return as {@link #subscribe}; completes after the replay
     */
    public CompletionStage<Subscription> resume(String name, WebSocket webSocket, Position after) {
        return enter(name, webSocket, after);
    }

    private CompletionStage<Subscription> enter(String name, WebSocket webSocket, @Nullable Position after) {
        Arrival arrival = new Arrival(webSocket, after);
        enter(name, arrival);
        return arrival.done.minimalCompletionStage();
    }

    private void enter(String name, Arrival arrival) {
        Room fresh = new Room(name, backbone, envelope, rooms);
        Room known = rooms.putIfAbsent(name, fresh);
        Room room = known == null ? fresh : known;
        if (!room.enter(arrival)) {
            room.whenReleased().thenRun(() -> enter(name, arrival)); // open the topic again after its release
        } else if (known == null) {
            room.open();
        }
    }

    /**
     * Removes a subscriber, as {@link Topic#unsubscribe} says. Does nothing if it is none.
     *
     * @param name the name of the topic
     * @param webSocket a connection
     */
    public void unsubscribe(String name, WebSocket webSocket) {
        Room room = rooms.get(name);
        if (room != null) {
            room.leave(webSocket);
        }
    }

    /**
     * Publishes a message to the subscribers on all nodes.
     *
     * @param name the name of the topic
     * @param message the message and its key
     * @return its position in the history, see {@link Backbone#publish}
     */
    public CompletionStage<Position> publish(String name, KeyedMessage message) {
        return backbone.publish(name, message);
    }

    /**
     * Publishes a text to the subscribers on all nodes.
     *
     * @param name the name of the topic
     * @param text well-formed Unicode
     * @return its position in the history, see {@link Backbone#publish}
     */
    public CompletionStage<Position> publishText(String name, String text) {
        return publish(name, KeyedMessage.text(text));
    }

    /**
     * How many subscribers a topic has on this node.
     *
     * @param name the name of the topic
     * @return the number, 0 or more
     */
    public int size(String name) {
        Room room = rooms.get(name);
        return room == null ? 0 : room.size();
    }

    /** Whether no topic is kept. */
    boolean isEmpty() {
        return rooms.isEmpty();
    }
}
