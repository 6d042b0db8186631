package dev.tenon.ws.topics;

import dev.tenon.ws.connection.WebSocket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The topics of one connection, which it leaves when it ends, and those of a cluster that it is joining. Thread-safe. Lock
 * order: this before a topic.
 */
final class Memberships {
    private static final ConnectionValue<Memberships> VALUE =
            new ConnectionValue<>("topics", Memberships::new, Memberships::end);

    private final WebSocket webSocket;
    private final Map<Topic, Subscriber> topics = new HashMap<>(4);
    /** The end of each arrival if the connection ends. */
    private final Map<Arrival, Runnable> arrivals = new HashMap<>(4);

    private boolean ended;

    private Memberships(WebSocket webSocket) {
        this.webSocket = webSocket;
    }

    static Memberships of(WebSocket webSocket) {
        return VALUE.of(webSocket);
    }

    static @Nullable Memberships find(WebSocket webSocket) {
        return VALUE.find(webSocket);
    }

    /** Subscribes to a topic. */
    synchronized Joined join(Topic topic, int mostTopics) {
        if (ended) {
            return Joined.ENDED;
        }
        Subscriber known = topics.get(topic);
        if (known != null && topic.rejoin(known)) {
            return Joined.SUBSCRIBED;
        }
        if (topics.size() >= mostTopics && known == null) {
            return Joined.TOO_MANY;
        }
        Subscriber subscriber = topic.add(webSocket);
        if (subscriber == null) {
            return Joined.FORGOTTEN;
        }
        topics.put(topic, subscriber);
        return Joined.SUBSCRIBED;
    }

    /** The result of an attempt to subscribe. */
    enum Joined {
        SUBSCRIBED,
        /** The connection has ended. */
        ENDED,
        /** The connection has reached its limit of topics. */
        TOO_MANY,
        /** The topic was removed: the caller must look up its name again. */
        FORGOTTEN
    }

    /** The connection is joining a topic; returns false if it has ended. Otherwise its end runs an action, without a lock. */
    synchronized boolean arrive(Arrival arrival, Runnable onEnd) {
        if (!ended) {
            arrivals.put(arrival, onEnd);
        }
        return !ended;
    }

    /** The connection has joined, or does not join. */
    synchronized void arrived(Arrival arrival) {
        arrivals.remove(arrival);
    }

    void leave(Topic topic) {
        Subscriber subscriber = subscriber(topic);
        if (subscriber != null) {
            subscriber.group.leave(subscriber);
        }
    }

    synchronized @Nullable Subscriber subscriber(Topic topic) {
        return topics.get(topic);
    }

    /** The topics of the connection, also those of which it has yet to receive messages. */
    synchronized List<Topic> topics() {
        return List.copyOf(topics.keySet());
    }

    /** A topic has removed a subscriber. Called without its lock. */
    static void removed(Topic topic, Subscriber subscriber) {
        Memberships memberships = find(subscriber.webSocket);
        if (memberships != null) {
            memberships.remove(topic, subscriber);
        }
    }

    private synchronized void remove(Topic topic, Subscriber subscriber) {
        topics.remove(topic, subscriber);
    }

    private void end() {
        List<Subscriber> all;
        List<Runnable> joining;
        synchronized (this) {
            ended = true;
            all = List.copyOf(topics.values());
            topics.clear();
            joining = List.copyOf(arrivals.values());
            arrivals.clear();
        }
        joining.forEach(Runnable::run);
        for (Subscriber subscriber : all) {
            subscriber.group.end(subscriber);
        }
    }
}
