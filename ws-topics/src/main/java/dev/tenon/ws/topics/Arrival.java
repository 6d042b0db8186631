package dev.tenon.ws.topics;

import dev.tenon.ws.connection.PreparedMessage;
import dev.tenon.ws.connection.SendResult;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.frame.CloseCode;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
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

    private final ArrayDeque<Entry> waiting = new ArrayDeque<>();
    /** How many of them are of the replay, the first ones. */
    private int replayEntries;
    /** The payloads of the others, in bytes. */
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

    /** Adds a live entry unless it is present; returns false if too many bytes wait. */
    boolean queue(Entry entry) {
        if (newest == null || entry.position().isAfter(newest)) {
            newest = entry.position();
            waiting.add(entry);
            waitingBytes += entry.payload().remaining();
        }
        return waitingBytes <= LIMIT;
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
        replay.entries().forEach(this::queue);
        replayEntries = waiting.size();
        waitingBytes = 0;
        live.stream()
                .filter(entry -> entry.position().epoch().equals(from.epoch()))
                .forEach(this::queue);
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

    /** Removes the next entries to send: no more than a number of them, and none after a number of bytes. */
    List<Entry> removeEntries(int most, int mostBytes) {
        List<Entry> taken = new ArrayList<>(Math.min(most, waiting.size()));
        int bytes = 0;
        while (taken.size() < most && bytes < mostBytes && !waiting.isEmpty()) {
            Entry entry = waiting.remove();
            int length = entry.payload().remaining();
            if (replayEntries > 0) {
                replayEntries--;
            } else {
                waitingBytes -= length;
            }
            bytes += length;
            taken.add(entry);
        }
        return taken;
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
     * Sends entries on the connection's executor, after the begin message. Returns null, or why this has failed; then the
     * connection ends.
     */
    @Nullable
    Throwable sendAll(List<Entry> entries, Envelope envelope) {
        try {
            boolean sent = sendBegin(envelope);
            for (int i = 0; i < entries.size() && sent; i++) {
                sent = send(envelope.wrap(entries.get(i)));
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
