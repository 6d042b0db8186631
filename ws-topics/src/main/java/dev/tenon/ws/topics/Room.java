package dev.tenon.ws.topics;

import dev.tenon.ws.connection.SendResult;
import dev.tenon.ws.connection.WebSocket;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * One topic of a backbone on this node: a {@link Topic} for live subscribers, and the connections that are joining.
 *
 * <pre>{@code
 *   OPENING --opened--> OPEN --last has left--> CLOSED
 *      |                 |                        ^
 *      `--failed---------`--lost------------------'
 * }</pre>
 *
 * <p>Lock order: this before {@link Memberships} and {@link Topic}. It calls the backbone and completes stages without
 * the lock.
 */
final class Room implements Backbone.Receiver, TopicOwner {
    private enum State {
        OPENING,
        OPEN,
        CLOSED
    }

    private final String name;
    private final Backbone backbone;
    private final Envelope envelope;
    private final Map<String, Room> rooms;
    private final CompletableFuture<@Nullable Void> released = new CompletableFuture<>();

    // Guarded by this.
    private final Arrivals arrivals = new Arrivals(this::connectionEnded);
    private State state = State.OPENING;
    private Topic topic = topic();
    private @Nullable Position live;

    Room(String name, Backbone backbone, Envelope envelope, Map<String, Room> rooms) {
        this.name = name;
        this.backbone = backbone;
        this.envelope = envelope;
        this.rooms = rooms;
    }

    private Topic topic() {
        return new Topic(SlowSubscriber.CLOSE, Topic.STEPS_PER_TURN, this, "");
    }

    CompletionStage<@Nullable Void> whenReleased() {
        return released;
    }

    synchronized int size() {
        return topic.size();
    }

    // From the backbone

    void open() {
        Stages.of(() -> backbone.open(name, this)).whenComplete((position, failure) -> {
            if (failure == null) {
                opened(position);
            } else {
                closed(failure);
            }
        });
    }

    private void opened(Position position) {
        List<Arrival> entered;
        synchronized (this) {
            if (state != State.OPENING) {
                return;
            }
            state = State.OPEN;
            live = live == null ? position : live;
            entered = arrivals.copy();
        }
        entered.forEach(this::begin);
        closeIfEmpty();
    }

    @Override
    public void received(Entry entry) {
        List<Arrival> woken = List.of();
        try {
            synchronized (this) {
                if (live != null && !entry.position().isAfter(live)) {
                    return;
                }
                live = entry.position();
                woken = arrivals.queue(entry);
                publish(entry);
            }
        } finally { // the envelope may throw
            woken.forEach(
                    this::submit); // a rejected one ends with its connection: the backbone must not be called here
        }
    }

    private void publish(Entry entry) {
        boolean published = false;
        try {
            published = topic.publish(envelope.wrap(entry)) != SendResult.REFUSED;
        } finally {
            if (!published) {
                topic.subscribers().forEach(Arrival::tryAgainLater);
            }
        }
    }

    @Override
    public void lost(Throwable cause) {
        closed(cause);
    }

    private void closed(Throwable cause) {
        List<Arrival> failed;
        List<WebSocket> subscribers;
        synchronized (this) {
            state = State.CLOSED;
            failed = arrivals.endAll();
            subscribers = topic.subscribers();
        }
        rooms.remove(name, this);
        released.complete(null);
        failed.forEach(arrival -> arrival.fail(cause));
        subscribers.forEach(Arrival::tryAgainLater);
    }

    // From the connections

    /**
     * Adds a connection; returns false if the room is closed. A connection that is a subscriber, or is on its way, is not added
     * again: it would receive messages twice.
     */
    boolean enter(Arrival arrival) {
        CompletableFuture<Subscription> earlier;
        boolean open;
        boolean ended = false;
        synchronized (this) {
            if (state == State.CLOSED) {
                return false;
            }
            earlier = arrivals.subscription(arrival.webSocket);
            if (earlier == null && topic.contains(arrival.webSocket)) {
                earlier = CompletableFuture.completedFuture(new Subscription(Objects.requireNonNull(live), false));
            }
            open = state == State.OPEN;
            if (earlier == null) {
                ended = !arrivals.add(arrival);
            }
        }
        if (earlier != null) {
            arrival.follow(earlier);
        } else if (ended) {
            connectionEnded(arrival);
        } else if (open) {
            begin(arrival);
        }
        return true;
    }

    void leave(WebSocket webSocket) {
        Topic left;
        Arrival gone;
        synchronized (this) {
            left = topic;
            gone = arrivals.end(webSocket);
        }
        if (gone != null) {
            gone.done.completeExceptionally(
                    new IOException("the connection was unsubscribed before its subscription was complete"));
        }
        left.unsubscribe(webSocket);
        closeIfEmpty();
    }

    /** The room is open: fetches the replay, if the client has a position. */
    private void begin(Arrival arrival) {
        Position after = arrival.after;
        if (after == null) {
            start(arrival, null);
            return;
        }
        Stages.of(() -> backbone.replay(name, after)).whenComplete((replay, failure) -> {
            if (failure == null) {
                start(arrival, replay);
            } else {
                fail(arrival, failure);
            }
        });
    }

    private void start(Arrival arrival, @Nullable Replay replay) {
        boolean claimed;
        synchronized (this) {
            arrival.start(replay, Objects.requireNonNull(live));
            claimed = arrival.claimTask();
        }
        if (claimed) {
            execute(arrival);
        }
    }

    private void execute(Arrival arrival) {
        if (!submit(arrival)) {
            connectionEnded(arrival);
        }
    }

    /** Continues on the connection's executor; returns false if that has stopped. */
    private boolean submit(Arrival arrival) {
        try {
            arrival.webSocket.executor().execute(() -> advance(arrival));
            return true;
        } catch (RejectedExecutionException stopped) {
            return false;
        }
    }

    private void connectionEnded(Arrival arrival) {
        fail(arrival, new IOException("the connection has ended"));
    }

    private void fail(Arrival arrival, Throwable cause) {
        synchronized (this) {
            arrivals.end(arrival);
        }
        arrival.fail(cause);
        closeIfEmpty();
    }

    /** Sends the entries that wait for a connection, or makes it join the topic. On the connection's executor. */
    private void advance(Arrival arrival) {
        Runnable next;
        synchronized (this) {
            arrival.scheduled = false;
            if (arrival.over) {
                return;
            }
            next = next(arrival);
        }
        next.run();
        closeIfEmpty();
    }

    private Runnable next(Arrival arrival) {
        if (arrival.overflowed) {
            return () -> fail(arrival, new IOException("too many messages wait for the history, or for the peer"));
        }
        Subscription subscription = arrival.subscription;
        if (live == null || subscription == null) {
            return () -> {};
        }
        if (arrival.fillBatch()) {
            arrival.scheduled = true;
            return () -> send(arrival);
        }
        return arrival.isCaughtUp(live) ? join(arrival, subscription) : () -> {}; // the next live message continues
    }

    private void send(Arrival arrival) {
        Throwable failure = arrival.sendBatch(envelope);
        if (failure != null) {
            fail(arrival, failure);
            return;
        }
        // A long replay is sent as fast as its peer reads. If the connection has ended meanwhile, the next send is
        // refused.
        CompletionStage<?> unused = arrival.webSocket.whenSent().whenComplete((sent, lost) -> execute(arrival));
    }

    /** Makes a connection a live subscriber; returns the action that completes its stage. */
    private Runnable join(Arrival arrival, Subscription subscription) {
        arrivals.end(arrival);
        Throwable failure = arrival.sendBatch(envelope); // the begin message
        if (failure != null) {
            return () -> arrival.fail(failure);
        }
        Memberships.Joined joined = arrival.join(topic);
        if (joined == Memberships.Joined.FORGOTTEN) {
            topic = topic();
            joined = arrival.join(topic);
        }
        return arrival.completion(joined, subscription);
    }

    /** Closes the room if it has no connections. Called without the lock. */
    private void closeIfEmpty() {
        Topic current;
        synchronized (this) {
            if (!arrivals.isEmpty() || state != State.OPEN) {
                return;
            }
            current = topic;
        }
        current.forgetIfEmpty();
    }

    @Override
    public void forget(String unused, Topic forgotten) {
        synchronized (this) {
            if (topic != forgotten || state == State.CLOSED) {
                return;
            }
            if (!arrivals.isEmpty() || state == State.OPENING) {
                topic = topic();
                return;
            }
            state = State.CLOSED;
        }
        backbone.release(name);
        rooms.remove(name, this);
        released.complete(null);
    }
}
