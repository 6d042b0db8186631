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
import org.jspecify.annotations.Nullable;

/**
 * A connection on its way into a room. While the replay is being fetched, live messages wait here; then the replay goes out,
 * and behind it those of them that the replay does not hold:
 *
 * <pre>{@code
 *   replay       6 7 8 9
 *   live           7 8 9 10 11      7, 8 and 9 overlap: dropped
 *   is sent      6 7 8 9 10 11      then the connection joins the topic
 * }</pre>
 *
 * Guarded by the room, but for {@link #done}.
 */
final class Arrival {
    /** How many bytes of live messages wait for a replay at most. */
    private static final long LIMIT = 4 << 20;

    final WebSocket webSocket;
    final CompletableFuture<Subscription> done = new CompletableFuture<>();
    /** Where the client has been before; null for a new subscription. */
    final @Nullable Position after;
    /** Where the subscription begins; null while a replay is awaited, and nothing is sent. */
    @Nullable
    Subscription subscription;
    /** Whether the client has been told where its subscription begins. */
    private boolean begun;
    /** Whether it has joined, left or failed. */
    boolean over;
    /** Whether a task of the connection's executor is on its way. */
    boolean scheduled;

    private final ArrayDeque<Entry> waiting = new ArrayDeque<>();
    private long waitingBytes;
    /** The position of the newest entry that was queued. */
    private @Nullable Position newest;

    Arrival(WebSocket webSocket, @Nullable Position after) {
        this.webSocket = webSocket;
        this.after = after;
    }

    /** Adds an entry, unless it is there already; returns false if too many bytes wait. */
    boolean queue(Entry entry) {
        if (newest == null || entry.position().isAfter(newest)) {
            newest = entry.position();
            waiting.add(entry);
            waitingBytes += entry.payload().remaining();
        }
        return waitingBytes <= LIMIT;
    }

    /** Begins behind the position of a replay, if there is one that recovers, else behind the newest live message. */
    void start(@Nullable Replay replay, Position live) {
        Position from = after;
        if (replay != null
                && from != null
                && replay.recovered()
                && replay.end().epoch().equals(live.epoch())) {
            replayed(from, replay.entries());
        } else {
            startAfresh(live);
        }
    }

    /** Whether a task has to be handed to the executor; from now on one is on its way. */
    boolean claimTask() {
        boolean claimed = !scheduled && !over && subscription != null;
        scheduled |= claimed;
        return claimed;
    }

    /** Puts the replay in front of what has come live. */
    private void replayed(Position from, List<Entry> entries) {
        List<Entry> live = List.copyOf(waiting);
        clear();
        newest = from;
        entries.forEach(this::queue);
        live.stream()
                .filter(entry -> entry.position().epoch().equals(from.epoch()))
                .forEach(this::queue);
        subscription = new Subscription(from, true);
    }

    /** There is no replay: the subscription begins behind the newest live message. */
    private void startAfresh(Position live) {
        clear();
        newest = live;
        subscription = new Subscription(live, false);
    }

    private void clear() {
        waiting.clear();
        waitingBytes = 0;
    }

    /** Takes the next entries to be sent. */
    List<Entry> take(int most) {
        List<Entry> taken = new ArrayList<>(Math.min(most, waiting.size()));
        while (taken.size() < most && !waiting.isEmpty()) {
            Entry entry = waiting.remove();
            waitingBytes -= entry.payload().remaining();
            taken.add(entry);
        }
        return taken;
    }

    /** Tells the client, once, where its subscription begins; returns false if that could not be sent. */
    boolean tellBegin(Envelope envelope) {
        Subscription begin = subscription;
        if (begun || begin == null) {
            return true;
        }
        begun = true;
        PreparedMessage message = envelope.begin(begin.position(), begin.recovered());
        return message == null || send(message);
    }

    /** Sends entries on the connection's executor, behind the beginning; returns false if one of them is refused. */
    boolean sendAll(List<Entry> entries, Envelope envelope) {
        boolean sent = tellBegin(envelope);
        for (int i = 0; i < entries.size() && sent; i++) {
            sent = send(envelope.wrap(entries.get(i)));
        }
        return sent;
    }

    /** What completes {@link #done} after an attempt to join the topic. */
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

    /** The connection gets no messages of the topic: ends it, so that the client notices. Called without the lock. */
    void fail(Throwable cause) {
        tryAgainLater(webSocket);
        done.completeExceptionally(cause);
    }

    static void tryAgainLater(WebSocket webSocket) {
        webSocket.close(CloseCode.TRY_AGAIN_LATER, "");
    }

    /** Whether the live messages of the room have reached what was sent here: then the connection can join. */
    boolean isCaughtUp(Position live) {
        return waiting.isEmpty() && (newest == null || !newest.isAfter(live));
    }
}
