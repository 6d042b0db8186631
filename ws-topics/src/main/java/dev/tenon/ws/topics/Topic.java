package dev.tenon.ws.topics;

import dev.tenon.ws.connection.ConnectionExecutor;
import dev.tenon.ws.connection.PreparedMessage;
import dev.tenon.ws.connection.SendResult;
import dev.tenon.ws.connection.WebSocket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Sends each published message to all subscribers, which are connections of any transport. A message is encoded once,
 * and compressed once for each set of negotiated parameters.
 *
 * <p>A message reaches exactly the subscribers at the moment of {@link #publish(PreparedMessage)}, and all of them in
 * the same order. Delivery happens on each connection's own {@linkplain WebSocket#executor() executor}, never inside
 * {@code publish}: all messages published by then are sent to the first subscriber, then to the next, so that each
 * receives them in one write. A topic with many subscribers pauses in between, so that other connections can work.
 * Other messages to a connection may overtake published ones.
 *
 * <p>A subscriber is removed when its connection ends. If a send throws, its connection is aborted; other subscribers
 * are not affected. Thread-safe: all methods may be called from any thread, listeners included.
 */
public final class Topic {
    /** How many published bytes may wait for an executor. */
    static final long PENDING_LIMIT = 4 << 20;

    /** How many messages a task sends before other tasks can run; long messages count more. */
    static final int STEPS_PER_TURN = 256;

    private static final long PENDING_MARK = PENDING_LIMIT / 4;

    final SlowSubscriber policy;
    private final @Nullable TopicOwner owner;
    private final String name;
    final int stepsPerTurn;
    private final LongAdder missed = new LongAdder();

    // Guarded by this. A group without subscribers and messages is not kept.
    private final IdentityHashMap<ConnectionExecutor, SubscriberGroup> groups = new IdentityHashMap<>();
    private int size;
    private boolean forgotten;

    Topic(SlowSubscriber policy, int stepsPerTurn, @Nullable TopicOwner owner, String name) {
        this.policy = policy;
        this.stepsPerTurn = stepsPerTurn;
        this.owner = owner;
        this.name = name;
    }

    /**
     * A topic without subscribers.
     *
     * @param policy how to handle subscribers that read too slowly
     * @return the topic
     */
    public static Topic of(SlowSubscriber policy) {
        return new Topic(policy, STEPS_PER_TURN, null, "");
    }

    /**
     * Adds a subscriber, which receives messages that are published from now on.
     *
     * @param webSocket a connection
     * @return whether it is a subscriber now; false if the connection has ended
     */
    public boolean subscribe(WebSocket webSocket) {
        return Memberships.of(webSocket).join(this, Integer.MAX_VALUE) == Memberships.Joined.SUBSCRIBED;
    }

    /**
     * Removes a subscriber. It still receives the messages published before: before this returns, if the caller runs on
     * the connection's own executor, as its listener does; otherwise a little later. Does nothing if it is not a
     * subscriber.
     *
     * @param webSocket a connection
     */
    public void unsubscribe(WebSocket webSocket) {
        Memberships memberships = Memberships.find(webSocket);
        if (memberships != null) {
            memberships.leave(this);
        }
    }

    /**
     * Publishes a text message.
     *
     * @param text well-formed Unicode
     * @return as {@link #publish(PreparedMessage)} says
     * @throws IllegalArgumentException if the text holds a lone surrogate
     */
    public SendResult publishText(String text) {
        return publish(PreparedMessage.text(text));
    }

    /**
     * Publishes a binary message.
     *
     * @param data the bytes, from position to limit; copied, used up
     * @return as {@link #publish(PreparedMessage)} says
     */
    public SendResult publishBinary(ByteBuffer data) {
        return publish(PreparedMessage.binary(data));
    }

    /**
     * Publishes a message.
     *
     * @param message the message; it may be published to several topics
     * @return {@code REFUSED}, and sent to no subscriber, while 4 MiB of earlier messages wait for an executor;
     *     {@code CONGESTED} from 1 MiB on; otherwise {@code QUEUED}. There is no signal for free room, because an
     *     executor needs only moments. A message that a single slow subscriber misses does not change the result
     */
    public SendResult publish(PreparedMessage message) {
        return publish(Publication.of(message, null));
    }

    /**
     * Publishes a message to all subscribers but one, usually the sender.
     *
     * @param message the message
     * @param except does not receive the message; need not be a subscriber
     * @return as {@link #publish(PreparedMessage)} says
     */
    public SendResult publishExcept(PreparedMessage message, WebSocket except) {
        return publish(Publication.of(message, except));
    }

    private SendResult publish(Publication publication) {
        List<SubscriberGroup> unscheduled = List.of();
        long most = 0;
        synchronized (this) {
            for (SubscriberGroup group : groups.values()) {
                most = Math.max(most, group.pending());
            }
            if (most > 0 && most + publication.cost() > PENDING_LIMIT) {
                return SendResult.REFUSED;
            }
            for (SubscriberGroup group : groups.values()) {
                if (group.append(publication)) {
                    unscheduled = unscheduled.isEmpty() ? new ArrayList<>(groups.size()) : unscheduled;
                    unscheduled.add(group);
                }
            }
        }
        unscheduled.forEach(SubscriberGroup::schedule);
        return most + publication.cost() > PENDING_MARK ? SendResult.CONGESTED : SendResult.QUEUED;
    }

    /**
     * The number of subscribers.
     *
     * @return 0 or more
     */
    public synchronized int size() {
        return size;
    }

    /**
     * Whether a connection is a subscriber.
     *
     * @param webSocket a connection
     * @return true if it receives the next published message
     */
    public boolean contains(WebSocket webSocket) {
        Memberships memberships = Memberships.find(webSocket);
        Subscriber subscriber = memberships == null ? null : memberships.subscriber(this);
        synchronized (this) {
            return subscriber != null && subscriber.subscribed;
        }
    }

    /**
     * The subscribers at this moment, in no particular order.
     *
     * @return a copy
     */
    public synchronized List<WebSocket> subscribers() {
        List<WebSocket> all = new ArrayList<>(size);
        for (SubscriberGroup group : groups.values()) {
            group.forEach(subscriber -> {
                if (subscriber.subscribed) {
                    all.add(subscriber.webSocket);
                }
            });
        }
        return all;
    }

    /**
     * How many messages were not sent to a subscriber because its outbound limit was reached.
     *
     * @return the sum over all subscribers, also those that were closed because of it
     */
    public long missed() {
        return missed.sum();
    }

    boolean belongsTo(TopicOwner topics) {
        return owner == topics;
    }

    void miss() {
        missed.increment();
    }

    // What the connections and the groups change

    /** Adds a subscriber; returns null if this topic was removed. */
    synchronized @Nullable Subscriber add(WebSocket webSocket) {
        if (forgotten) {
            return null;
        }
        SubscriberGroup group =
                groups.computeIfAbsent(webSocket.executor(), executor -> new SubscriberGroup(this, executor));
        size++;
        return group.join(webSocket);
    }

    /** Adds a former subscriber again; returns false if its group has removed it. */
    synchronized boolean rejoin(Subscriber subscriber) {
        if (subscriber.removed) {
            return false;
        }
        if (!subscriber.subscribed) {
            size++;
            subscriber.group.rejoin(subscriber);
        }
        return true;
    }

    /** Ends a subscription after the messages published so far; returns whether the group must be scheduled. */
    synchronized boolean leaveLater(Subscriber subscriber) {
        if (subscriber.removed || !subscriber.subscribed) {
            return false;
        }
        size--;
        return subscriber.group.leaveLater(subscriber);
    }

    /** Ends a subscription at a message. The caller holds the lock. */
    void unsubscribed(Subscriber subscriber, long number) {
        if (subscriber.subscribed) {
            size--;
            subscriber.toggle(number);
        }
    }

    /** The group has removed a subscriber. The caller holds the lock. */
    void forgotten(Subscriber subscriber) {
        subscriber.removed = true;
        if (subscriber.subscribed) {
            size--;
            subscriber.subscribed = false;
        }
    }

    /**
     * Removes a group whose executor has stopped. The caller may have locks, so an empty topic is forgotten at the end of the
     * connections, which follows.
     */
    synchronized void drop(SubscriberGroup group) {
        group.forEach(this::forgotten);
        groups.remove(group.executor, group);
    }

    void dropIfIdle(SubscriberGroup group) {
        synchronized (this) {
            if (group.isIdle()) {
                groups.remove(group.executor, group);
            }
        }
        forgetIfEmpty();
    }

    /** Removes a named topic without subscribers and messages. */
    void forgetIfEmpty() {
        if (owner == null) {
            return;
        }
        synchronized (this) {
            if (!groups.isEmpty() || forgotten) {
                return;
            }
            forgotten = true;
        }
        owner.forget(name, this);
    }
}
