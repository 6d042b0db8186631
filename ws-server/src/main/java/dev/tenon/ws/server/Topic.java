package dev.tenon.ws.server;

import dev.tenon.ws.connection.PreparedMessage;
import dev.tenon.ws.connection.SendResult;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.transport.EventLoop;
import dev.tenon.ws.transport.Session;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * Sends each message that is published to all that have subscribed. A message is encoded once, and compressed once for
 * each set of parameters that the subscribers have agreed on; each event loop is woken once, however many subscribers it
 * has.
 *
 * <p>All calls take effect in their order, on every subscriber alike: messages arrive in the order in which they were
 * published, the same for all, and none arrives that was published before {@link #subscribe} or after
 * {@link #unsubscribe}. What a connection is sent otherwise may overtake what was published before. A subscriber leaves by
 * itself when its connection ends.
 *
 * <p>Thread-safe; to be called from any thread, listeners included.
 */
public final class Topic {
    /** How many bytes may be published that the event loops have not got to. */
    static final long PENDING_LIMIT = 4 << 20;

    private static final long PENDING_MARK = PENDING_LIMIT / 4;
    private static final int OVERHEAD = 256;

    private final SlowSubscriber policy;
    private final Runnable whenEmpty;
    private final LongAdder missed = new LongAdder();
    /** The subscribers by their loops; a loop without any has no entry. Guarded by this. */
    private final Map<EventLoop, Subscribers> loops = new HashMap<>();

    Topic(SlowSubscriber policy, Runnable whenEmpty) {
        this.policy = policy;
        this.whenEmpty = whenEmpty;
    }

    /**
     * A topic without subscribers.
     *
     * @param policy what becomes of subscribers that are too slow
     * @return the topic
     */
    public static Topic of(SlowSubscriber policy) {
        return new Topic(policy, () -> {});
    }

    /**
     * Adds a subscriber. Does nothing if it is one already, or its connection has ended.
     *
     * @param webSocket a connection of a {@link WebSocketServer}
     * @throws IllegalArgumentException if it is a connection of another kind
     */
    public void subscribe(WebSocket webSocket) {
        Session session = session(webSocket);
        synchronized (this) {
            Subscribers subscribers = loops.computeIfAbsent(session.loop(), loop -> new Subscribers(this, loop));
            subscribers.holds++;
            subscribers.execute(() -> subscribers.add(session), () -> released(subscribers));
        }
    }

    /**
     * Removes a subscriber. Does nothing if it is none.
     *
     * @param webSocket a connection of a {@link WebSocketServer}
     * @throws IllegalArgumentException if it is a connection of another kind
     */
    public void unsubscribe(WebSocket webSocket) {
        Session session = session(webSocket);
        synchronized (this) {
            Subscribers subscribers = loops.get(session.loop());
            if (subscribers != null) {
                subscribers.execute(() -> subscribers.remove(session), () -> {});
            }
        }
    }

    private static Session session(WebSocket webSocket) {
        if (webSocket instanceof Session session) {
            return session;
        }
        throw new IllegalArgumentException("not a connection of this server's kind: " + webSocket.getClass());
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
     * @param message the message; to several topics it may be the same
     * @return what became of it: refused, and sent to nobody, while the event loops have not got to 4 MiB that were
     *     published before, congested from 1 MiB on. Nothing tells when there is room: it is a matter of moments. What a
     *     single subscriber misses does not show here
     */
    public synchronized SendResult publish(PreparedMessage message) {
        long cost = message.payload().remaining() + (long) OVERHEAD;
        long most = 0;
        for (Subscribers subscribers : loops.values()) {
            most = Math.max(most, subscribers.pending);
        }
        if (most > 0 && most + cost > PENDING_LIMIT) {
            return SendResult.REFUSED;
        }
        for (Subscribers subscribers : loops.values()) {
            subscribers.pending += cost;
            subscribers.execute(() -> subscribers.send(message, cost), () -> subscribers.pending -= cost);
        }
        return most + cost > PENDING_MARK ? SendResult.CONGESTED : SendResult.QUEUED;
    }

    /**
     * How many subscribers there are. Exact once the event loops have got to what was asked for before.
     *
     * @return the number, 0 or more
     */
    public synchronized int size() {
        int size = 0;
        for (Subscribers subscribers : loops.values()) {
            size += subscribers.holds;
        }
        return size;
    }

    /**
     * How many messages were not sent to a subscriber because it was too slow, or in the middle of a message that it is
     * sent in pieces; those that have closed one included.
     *
     * @return the sum over all subscribers
     */
    public long missed() {
        return missed.sum();
    }

    SlowSubscriber policy() {
        return policy;
    }

    /** A subscriber was sent nothing. */
    void miss() {
        missed.increment();
    }

    /** One subscriber, or one that might have become one, fewer. */
    void released(Subscribers subscribers) {
        boolean empty = false;
        synchronized (this) {
            subscribers.holds--;
            if (subscribers.holds == 0) {
                loops.remove(subscribers.loop(), subscribers);
                empty = loops.isEmpty();
            }
        }
        if (empty) {
            whenEmpty.run();
        }
    }

    synchronized boolean isEmpty() {
        return loops.isEmpty();
    }

    synchronized void sent(Subscribers subscribers, long cost) {
        subscribers.pending -= cost;
    }
}
