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
 * Sends each published message to all subscribers, which are connections of any transport. A message is encoded once, and
 * compressed once for each set of parameters that the subscribers have agreed on.
 *
 * <p>A message reaches exactly the subscribers at the moment of {@link #publish(PreparedMessage)}, and all of them in the
 * same order. Delivery happens on each connection's own {@linkplain WebSocket#executor() executor}, never inside
 * {@code publish}: what was published by then is sent to the first subscriber, then to the next, so that each gets it in one
 * write. A topic with many subscribers gives other connections their turn in between. What a connection is sent otherwise
 * may overtake what was published before.
 *
 * <p>A subscriber leaves by itself when its connection ends. A connection that throws from a send is aborted; the other
 * subscribers do not notice. Thread-safe: all methods may be called from any thread, listeners included.
 */
public final class Topic {
    /** How many bytes may be published that an executor has not sent yet. */
    static final long PENDING_LIMIT = 4 << 20;

    /** How much a task sends before other connections have their turn: messages, long ones counting more. */
    static final int STEPS_PER_TURN = 1024;

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
     * @param policy what happens to subscribers that read too slowly
     * @return the topic
     */
    public static Topic of(SlowSubscriber policy) {
        return new Topic(policy, STEPS_PER_TURN, null, "");
    }

    /**
     * Adds a subscriber, which gets what is published from now on.
     *
     * @param webSocket a connection
     * @return whether it is a subscriber now; false if the connection has ended
     */
    public boolean subscribe(WebSocket webSocket) {
        return Memberships.of(webSocket).join(this, Integer.MAX_VALUE) == Memberships.Joined.SUBSCRIBED;
    }

    /**
     * Removes a subscriber. It still gets what was published before: when this is called on the connection's own executor,
     * for instance by its listener, before this returns, else a little later. Does nothing if it is no subscriber.
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
     * @return {@code REFUSED}, and sent to no one, while an executor has not yet sent 4 MiB that were published before;
     *     {@code CONGESTED} from 1 MiB on; else {@code QUEUED}. There is no signal for when there is room, because an
     *     executor catches up within moments. What a single slow subscriber misses does not show here
     */
    public SendResult publish(PreparedMessage message) {
        return publish(Publication.of(message, null));
    }

    /**
     * Publishes a message to all subscribers but one, usually the sender.
     *
     * @param message the message
     * @param except does not get the message; need not be a subscriber
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
     * How many subscribers there are.
     *
     * @return the number, 0 or more
     */
    public synchronized int size() {
        return size;
    }

    /**
     * Whether a connection is a subscriber.
     *
     * @param webSocket a connection
     * @return true if it gets what is published next
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
     * @return the sum over all subscribers, those included that were closed for it
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

    /** Adds a subscriber; returns null if this topic has been forgotten. */
    synchronized @Nullable Subscriber add(WebSocket webSocket) {
        if (forgotten) {
            return null;
        }
        SubscriberGroup group =
                groups.computeIfAbsent(webSocket.executor(), executor -> new SubscriberGroup(this, executor));
        size++;
        return group.join(webSocket);
    }

    /** Makes a subscriber one again; returns false if its group has forgotten it. */
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

    /** Ends a subscription behind all that was published; returns whether the group has to be scheduled. */
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

    /** The group keeps a subscriber no longer. The caller holds the lock. */
    void forgotten(Subscriber subscriber) {
        subscriber.removed = true;
        if (subscriber.subscribed) {
            size--;
            subscriber.subscribed = false;
        }
    }

    /** As {@link #forgotten(Subscriber)}, without the lock. */
    void removed(Subscriber subscriber) {
        Memberships memberships = Memberships.find(subscriber.webSocket);
        if (memberships != null) {
            memberships.removed(this, subscriber);
        }
    }

    /** Gives up a group whose executor has stopped. */
    void drop(SubscriberGroup group) {
        synchronized (this) {
            group.forEach(this::forgotten);
            groups.remove(group.executor, group);
        }
        forgetIfEmpty();
    }

    void dropIfIdle(SubscriberGroup group) {
        synchronized (this) {
            if (!group.isIdle()) {
                return;
            }
            groups.remove(group.executor, group);
        }
        forgetIfEmpty();
    }

    /** Ends a topic by name that has no subscribers and no messages any more. */
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
