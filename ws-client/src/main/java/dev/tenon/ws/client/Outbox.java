package dev.tenon.ws.client;

import dev.tenon.ws.connection.Message;
import dev.tenon.ws.connection.PreparedMessage;
import dev.tenon.ws.connection.WebSocket;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Keeps messages while a {@link ReconnectingWebSocket} has no connection, and sends them in order when it has one.
 *
 * <pre>{@code
 * Outbox outbox = Outbox.of(Outbox.OnLoss.RESEND);
 * ReconnectingWebSocket feed = ReconnectingWebSocket.start(client, requests, policy, listener, outbox);
 * outbox.sendAsync(Message.text("hello")).whenComplete(...);
 * }</pre>
 *
 * <p>Each message has a future. It completes when the message has been handed to the operating system, and fails if the
 * message is refused or given up. So no message is lost silently before it has left. A message that has left may still
 * be lost with its connection: only an answer of the server proves that it has arrived.
 *
 * <p>Messages of one thread leave in the order of its calls; messages of several threads leave in one order. What is
 * sent on the {@link WebSocket} itself does not wait here: what {@link ReconnectListener#onOpen} sends leaves before
 * the messages of the outbox.
 *
 * <p>Thread-safe. An outbox belongs to one {@code ReconnectingWebSocket}; messages may be added before that starts.
 */
public final class Outbox {
    /** The treatment of messages that a connection had accepted, but not reported as sent, when it ended. */
    public enum OnLoss {
        /**
         * They are sent again on the next connection. The server may get a message twice, because the former connection
         * may have delivered it. For messages that may be repeated, or that the server recognizes by an id.
         */
        RESEND,
        /**
         * Their futures fail. The server gets no message twice, and whether it has got these is unknown. Messages that
         * were not handed to the connection yet wait for the next one.
         */
        FAIL
    }

    private static final int MAX_MESSAGES = 1_000;
    private static final long MAX_BYTES = 1 << 20;
    private static final String ENDED = "the ReconnectingWebSocket has ended";

    /** A message, its length in bytes and the future of its sender. */
    record Entry(PreparedMessage message, int length, CompletableFuture<@Nullable Void> sent) {}

    private final OnLoss onLoss;
    private final int maxMessages;
    private final long maxBytes;
    private final AtomicBoolean started = new AtomicBoolean();

    /** In the order of sending. This and all following fields are guarded by {@code this}. */
    private final Deque<Entry> waiting = new ArrayDeque<>();
    /** Handed to the current connection, in order, and not reported as sent. */
    private final Deque<Entry> handedOver = new ArrayDeque<>();

    private int messages;
    private long bytes;
    private @Nullable OutboxDrain drain;
    private boolean ended;

    private Outbox(OnLoss onLoss, int maxMessages, long maxBytes) {
        if (maxMessages <= 0 || maxBytes <= 0) {
            throw new IllegalArgumentException("a limit is positive: " + maxMessages + ", " + maxBytes);
        }
        this.onLoss = onLoss;
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
    }

    /**
     * Returns an empty outbox for 1,000 messages and 1 MiB.
     *
     * @param onLoss what happens to messages that were in flight when their connection ended
     * @return an outbox for one {@link ReconnectingWebSocket}
     */
    public static Outbox of(OnLoss onLoss) {
        return of(onLoss, MAX_MESSAGES, MAX_BYTES);
    }

    /**
     * Returns an empty outbox with limits. What has been handed to a connection counts until it has left.
     *
     * @param onLoss what happens to messages that were in flight when their connection ended
     * @param maxMessages the greatest number of messages
     * @param maxBytes the greatest sum of their lengths, in bytes as they are sent, without headers and compression
     * @return an outbox for one {@link ReconnectingWebSocket}
     * @throws IllegalArgumentException if a limit is not positive
     */
    public static Outbox of(OnLoss onLoss, int maxMessages, long maxBytes) {
        return new Outbox(onLoss, maxMessages, maxBytes);
    }

    /**
     * Adds a message, which leaves as soon as a connection is open and all earlier messages have been handed to it.
     *
     * @param message a whole message; its bytes are copied before this returns
     * @return a stage that completes when the message has left, on the client's event loop. It fails with an {@link
     *     OutboxFullException} if the outbox is full, and with another {@link IOException} if the connection was lost
     *     ({@link OnLoss#FAIL}) or the reconnecting has ended
     * @throws IllegalArgumentException if the message is a piece of one
     */
    public CompletionStage<@Nullable Void> sendAsync(Message message) {
        PreparedMessage prepared = message.prepared();
        Entry entry = new Entry(prepared, prepared.payload().remaining(), new CompletableFuture<>());
        IOException refusal = add(entry);
        if (refusal != null) {
            entry.sent.completeExceptionally(refusal);
        }
        return entry.sent.minimalCompletionStage();
    }

    /**
     * Returns the number of messages that have not left.
     *
     * @return the number, which may change at any time
     */
    public synchronized int size() {
        return messages;
    }

    private @Nullable IOException add(Entry entry) {
        OutboxDrain open;
        synchronized (this) {
            if (ended) {
                return new IOException(ENDED);
            }
            if (messages == maxMessages || entry.length > maxBytes - bytes) {
                return new OutboxFullException("the outbox is full: " + messages + " of " + maxMessages
                        + " messages wait, with " + bytes + " of " + maxBytes + " bytes");
            }
            messages++;
            bytes += entry.length;
            waiting.add(entry);
            open = drain;
        }
        if (open != null) {
            open.wake();
        }
        return null;
    }

    // For the reconnector, on its loop

    /** Claims this outbox for one reconnecting connection. */
    void start() {
        if (started.getAndSet(true)) {
            throw new IllegalStateException("an outbox belongs to one ReconnectingWebSocket");
        }
    }

    /** A connection is open and ready for the messages. */
    void connected(WebSocket webSocket) {
        OutboxDrain open = new OutboxDrain(this, webSocket);
        synchronized (this) {
            drain = open;
        }
        open.wake();
    }

    /** The connection has ended: what it had not reported as sent is sent again, or its futures fail. */
    void disconnected(@Nullable Throwable cause) {
        List<Entry> lost = List.of();
        synchronized (this) {
            drain = null;
            if (onLoss == OnLoss.FAIL || ended) {
                lost = removed(handedOver);
            }
            while (!handedOver.isEmpty()) {
                waiting.addFirst(handedOver.removeLast());
            }
        }
        fail(lost, "the connection was lost before the message had left", cause);
    }

    /** No message is accepted or handed over any more; those that were handed over may still leave. */
    void close() {
        List<Entry> lost;
        synchronized (this) {
            ended = true;
            lost = removed(waiting);
        }
        fail(lost, ENDED, null);
    }

    /** No connection follows. May be called by any thread. */
    void end(@Nullable Throwable cause) {
        close();
        disconnected(cause);
    }

    private List<Entry> removed(Deque<Entry> entries) {
        List<Entry> all = new ArrayList<>(entries);
        entries.clear();
        all.forEach(this::forget);
        return all;
    }

    private void forget(Entry entry) {
        messages--;
        bytes -= entry.length;
    }

    private static void fail(List<Entry> entries, String reason, @Nullable Throwable cause) {
        for (Entry entry : entries) {
            entry.sent.completeExceptionally(new IOException(reason, cause));
        }
    }

    // For the drain, on the connection's thread

    /** Moves the first message that waits to those that were handed over; null if none waits. */
    synchronized @Nullable Entry handOver(OutboxDrain by) {
        Entry next = drain == by ? waiting.poll() : null;
        if (next != null) {
            handedOver.add(next);
        }
        return next;
    }

    /** The connection has not accepted the message that was handed over last. */
    synchronized void takeBack(Entry entry) {
        if (handedOver.removeLastOccurrence(entry)) {
            waiting.addFirst(entry);
        }
    }

    /** A message has left, or cannot be sent on any connection. Returns whether more are in flight. */
    boolean settle(Entry entry, @Nullable Throwable failure) {
        boolean more;
        synchronized (this) {
            if (!handedOver.remove(entry)) {
                return true; // its connection was lost before
            }
            forget(entry);
            more = !handedOver.isEmpty();
        }
        if (failure == null) {
            entry.sent.complete(null);
        } else {
            entry.sent.completeExceptionally(new IOException("the message cannot be sent", failure));
        }
        return more;
    }
}
