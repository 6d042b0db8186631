package dev.tenon.ws.topics;

import dev.tenon.ws.connection.PreparedMessage;
import dev.tenon.ws.connection.SendResult;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.frame.CloseCode;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A connection that is joining a room. While the replay is being fetched, live messages wait here. Then the replay is
 * sent, followed by the live messages that it does not contain:
 *
 * <pre>{@code
 *   replay       6 7 8 9
 *   live           7 8 9 10 11      7, 8 and 9 overlap: dropped
 *   is sent      6 7 8 9 10 11      then the connection joins the topic
 * }</pre>
 *
 * Guarded by the room, except {@link #done}.
 */
final class Arrival {
    /** How many bytes of live messages may wait for a replay. */
    private static final long LIMIT = 4 << 20;

    /** How many entries are sent before other connections have their turn. */
    private static final int ENTRIES_PER_TURN = 256;

    /** How many bytes of wrapped messages are sent before other connections have their turn. */
    private static final int BYTES_PER_TURN = 256 * 1024;

    final WebSocket webSocket;
    final CompletableFuture<Subscription> done = new CompletableFuture<>();
    /** The last position of the client; null for a new subscription. */
    final @Nullable Position after;
    /** The beginning of the subscription; null until the replay arrives. Nothing is sent before. */
    @Nullable
    Subscription subscription;
    /** Whether the begin message has been sent to the client. */
    private boolean begun;
    /** Whether it has joined, left or failed. */
    boolean over;
    /** Whether a task is scheduled on the connection's executor. */
    boolean scheduled;

    /** Whether more live messages came than may wait: it is to fail, and queues nothing more. */
    boolean overflowed;

    /** Entries to send next. For the executor of the connection only. */
    private final ArrayDeque<Entry> batch = new ArrayDeque<>();

    private final ArrayDeque<Entry> waiting = new ArrayDeque<>();
    /** How many of them are of the replay, the first ones. */
    private int replayEntries;
    /** The cost of the others, in bytes. */
    private long waitingBytes;
    /** The position of the newest entry that was queued. */
    private @Nullable Position newest;
    /**
     * The last message of the topic when the replay was fetched: the connection must not join before this node has received
     * it, because it would come twice.
     */
    private @Nullable Position replayEnd;

    Arrival(WebSocket webSocket, @Nullable Position after) {
        this.webSocket = webSocket;
        this.after = after;
    }

    /** Adds a live entry unless it is present; returns whether the caller must schedule a task. */
    boolean queue(Entry entry) {
        if (overflowed) {
            return false;
        }
        add(entry);
        overflowed = waitingBytes > LIMIT;
        if (overflowed) {
            clear();
            return true; // also if a task is scheduled, which may wait for the peer
        }
        return claimTask();
    }

    private void add(Entry entry) {
        if (newest == null || entry.position().isAfter(newest)) {
            newest = entry.position();
            waiting.add(entry);
            waitingBytes += cost(entry);
        }
    }

    private static long cost(Entry entry) {
        return Publication.cost(entry.payload().remaining());
    }

    /** Begins at the position of a successful replay, otherwise behind the newest live message. */
    void start(@Nullable Replay replay, Position live) {
        Position from = after;
        if (replay != null
                && from != null
                && replay.recovered()
                && replay.end().epoch().equals(live.epoch())) {
            replayed(from, replay);
        } else {
            startAfresh(live);
        }
    }

    /** Whether the caller must schedule a task; it then counts as scheduled. */
    boolean claimTask() {
        boolean claimed = !scheduled && !over && subscription != null;
        scheduled |= claimed;
        return claimed;
    }

    /** Puts the replay in front of the live messages. */
    private void replayed(Position from, Replay replay) {
        List<Entry> live = List.copyOf(waiting);
        clear();
        newest = from;
        replayEnd = replay.end();
        replay.entries().forEach(this::add);
        replayEntries = waiting.size();
        waitingBytes = 0;
        live.stream()
                .filter(entry -> entry.position().epoch().equals(from.epoch()))
                .forEach(this::add);
        subscription = new Subscription(from, true);
    }

    /** Without a replay the subscription begins behind the newest live message. */
    private void startAfresh(Position live) {
        clear();
        newest = live;
        subscription = new Subscription(live, false);
    }

    private void clear() {
        waiting.clear();
        replayEntries = 0;
        waitingBytes = 0;
    }

    /**
     * Makes the next entries the batch, unless the batch before has not been sent completely. On the connection's executor.
     *
     * @return whether the batch has entries
     */
    boolean fillBatch() {
        long bytes = 0;
        while (batch.size() < ENTRIES_PER_TURN && bytes < BYTES_PER_TURN && !waiting.isEmpty()) {
            Entry entry = waiting.remove();
            if (replayEntries > 0) {
                replayEntries--;
            } else {
                waitingBytes -= cost(entry);
            }
            bytes += entry.payload().remaining();
            batch.add(entry);
        }
        return !batch.isEmpty();
    }

    /** Sends the client once where its subscription begins; returns false if that is refused. */
    private boolean sendBegin(Envelope envelope) {
        Subscription begin = subscription;
        if (begun || begin == null) {
            return true;
        }
        begun = true;
        PreparedMessage message = envelope.begin(begin.position(), begin.recovered());
        return message == null || send(message);
    }

    /**
     * Sends entries of the batch on the connection's executor, after the begin message, as many as one turn allows. Returns
     * null, or why this has failed; then the connection ends.
     */
    @Nullable
    Throwable sendBatch(Envelope envelope) {
        try {
            boolean sent = sendBegin(envelope);
            for (long bytes = 0; bytes < BYTES_PER_TURN && sent && !batch.isEmpty(); ) {
                PreparedMessage message = envelope.wrap(batch.remove());
                bytes += message.payload().remaining();
                sent = send(message);
            }
            return sent ? null : new IOException("the connection has ended, or its peer reads too slowly");
        } catch (RuntimeException | Error thrown) { // by the envelope
            return thrown;
        }
    }

    /** Completes with an earlier subscription of the same connection. */
    void follow(CompletionStage<Subscription> earlier) {
        earlier.whenComplete((joined, failure) -> {
            if (failure == null) {
                done.complete(joined);
            } else {
                done.completeExceptionally(failure);
            }
        });
    }

    Memberships.Joined join(Topic topic) {
        return Memberships.of(webSocket).join(topic, Topics.DEFAULT_MAX_PER_CONNECTION);
    }

    /** The action that completes {@link #done} after an attempt to join the topic. */
    Runnable completion(Memberships.Joined joined, Subscription joinedAs) {
        return switch (joined) {
            case SUBSCRIBED -> () -> done.complete(joinedAs);
            case TOO_MANY ->
                () -> done.completeExceptionally(new IllegalStateException("the connection is in too many topics"));
            default -> () -> done.completeExceptionally(new IOException("the connection has ended"));
        };
    }

    /** Sends a message on the connection's executor; closes the connection and returns false if it is refused. */
    private boolean send(PreparedMessage message) {
        boolean sent = webSocket.trySend(message) != SendResult.REFUSED;
        if (!sent) {
            tryAgainLater(webSocket);
        }
        return sent;
    }

    /** Ends the connection, because it cannot receive messages of the topic. Called without the lock. */
    void fail(Throwable cause) {
        tryAgainLater(webSocket);
        done.completeExceptionally(cause);
    }

    static void tryAgainLater(WebSocket webSocket) {
        webSocket.close(CloseCode.TRY_AGAIN_LATER, "");
    }

    /**
     * Whether this connection has received all messages of the room, so that it can join. A live position in another epoch
     * means that no message of the replay's epoch follows.
     */
    boolean isCaughtUp(Position live) {
        Position end = replayEnd;
        return waiting.isEmpty() && (end == null || !end.epoch().equals(live.epoch()) || !end.isAfter(live));
    }
}
