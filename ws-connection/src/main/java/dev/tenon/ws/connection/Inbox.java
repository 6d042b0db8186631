package dev.tenon.ws.connection;

import dev.tenon.ws.frame.CloseCode;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A listener that stores the messages of one connection until a thread {@linkplain #receive receives} them. A
 * connection is opened or accepted with an inbox, or with a {@linkplain #handledBy handler that has one}.
 *
 * <pre>{@code
 * while (inbox.receive() instanceof Incoming.Text message) {
 *     inbox.webSocket().sendBlocking(Message.text(answer(message.text())));
 * }
 * }</pre>
 *
 * <p>The inbox is bounded: it requests the next message only while there is room. So a peer that sends faster than the
 * application receives is slowed down, and pings are still answered. All stored messages are received before the end,
 * even if the thread of the connection has ended. The {@linkplain CloseEvent#cause() cause} of the end reports errors;
 * pings and pongs are not reported.
 *
 * <p>Thread-safe. Each message goes to one of the waiting threads, which may be virtual threads. The connection's own
 * thread must not wait, because it would block itself.
 */
public final class Inbox implements WebSocketListener, AutoCloseable {
    private static final int DEFAULT_ROOM = 64 * 1024;
    /** The cost of a message in addition to its bytes. */
    private static final int OVERHEAD = 128;

    private static final long FOREVER = Long.MAX_VALUE;

    private record Waiting(Incoming message, long cost) {}

    private final long room;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** The messages that wait. The lock guards this field and the fields below. */
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();

    private long cost;
    /** Whether a message has been requested from the connection and has not arrived. */
    private boolean hasRequested;

    private boolean closed;
    private volatile @Nullable WebSocket webSocket;
    private Incoming.@Nullable End end;

    private Inbox(long room) {
        this.room = room;
    }

    /**
     * Creates an inbox with room for 64 KiB.
     *
     * @return an empty inbox, for one connection
     */
    public static Inbox create() {
        return holding(DEFAULT_ROOM);
    }

    /**
     * Creates an inbox with the given room.
     *
     * @param bytes the cost of waiting messages up to which the inbox requests more. A message costs two bytes for each
     *     {@code char} of a text, or its length if it is binary, plus 128. The last message may exceed this limit by
     *     its cost
     * @return an empty inbox, for one connection
     * @throws IllegalArgumentException if the number is negative
     */
    public static Inbox holding(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("room is not negative: " + bytes);
        }
        return new Inbox(bytes);
    }

    /**
     * Creates a listener that has its own inbox, with room for 64 KiB, and that runs a handler for it, for servers
     * whose handlers block. The connection is closed with 1000 when the handler returns, unless it was closed before,
     * and with 1001 if the handler was interrupted. If the handler throws another exception, the connection is closed
     * with 1011, and a {@link ListenerException} goes to the executor's thread. An {@link java.io.IOException} of the
     * handler is ignored if the connection is closing or closed, because a send throws one then.
     *
     * @param handler receives and sends messages
     * @param executor runs the handler once the connection is open, on one thread for each connection, such as a
     *     virtual thread. If the executor refuses the handler, the connection ends with 1011
     * @return a listener for one connection
     */
    public static WebSocketListener handledBy(InboxHandler handler, Executor executor) {
        return new HandledInbox(handler, executor);
    }

    /**
     * Returns the connection, on which messages can be sent.
     *
     * @return the connection that this inbox belongs to
     * @throws IllegalStateException if the connection is not open yet
     */
    public WebSocket webSocket() {
        WebSocket opened = webSocket;
        if (opened == null) {
            throw new IllegalStateException("the inbox has no connection before onOpen");
        }
        return opened;
    }

    /**
     * Waits for the next message or for the end of the connection. If the connection never opens, the inbox has no end:
     * {@linkplain #close() close} it then.
     *
     * @return the next message; after the last message the end, each time this is called
     * @throws InterruptedException if the thread is interrupted; no message is lost then
     * @throws IllegalStateException on the connection's own thread, if nothing is available
     */
    public Incoming receive() throws InterruptedException {
        return Objects.requireNonNull(take(FOREVER));
    }

    /**
     * Waits for the next message or for the end of the connection, up to a timeout.
     *
     * @param timeout how long to wait; zero or less returns only what is available now
     * @return the next message; after the last message the end, each time this is called
     * @throws TimeoutException if nothing arrived in time
     * @throws InterruptedException if the thread is interrupted; no message is lost then
     * @throws IllegalStateException on the connection's own thread, if nothing is available and the timeout is positive
     */
    public Incoming receive(Duration timeout) throws InterruptedException, TimeoutException {
        Incoming next = take(timeout.isNegative() ? 0 : ProgressWatch.nanos(timeout));
        if (next == null) {
            throw new TimeoutException("no message within " + timeout);
        }
        return next;
    }

    private @Nullable Incoming take(long timeout) throws InterruptedException {
        WebSocket requester;
        Waiting next;
        lock.lockInterruptibly();
        try {
            if (!awaitSomething(timeout)) {
                return null;
            }
            next = waiting.poll();
            if (next == null) {
                return end;
            }
            cost -= next.cost;
            requester = requester(room / 2);
        } finally {
            lock.unlock();
        }
        if (requester != null) {
            requester.request(1);
        }
        return next.message;
    }

    private boolean awaitSomething(long timeout) throws InterruptedException {
        long left = timeout;
        while (waiting.isEmpty() && end == null) {
            if (left <= 0) {
                return false;
            }
            requireOtherThread();
            left = changed.awaitNanos(left);
        }
        return true;
    }

    private void requireOtherThread() {
        WebSocket opened = webSocket;
        if (opened != null && opened.executor().isCurrentThread()) {
            throw new IllegalStateException(
                    "the connection's own thread must not wait for itself: call this on another thread");
        }
    }

    /** Returns the connection if a message must be requested from it, and marks that message as requested. */
    private @Nullable WebSocket requester(long limit) {
        if (hasRequested || closed || end != null || cost > limit) {
            return null;
        }
        hasRequested = true;
        return webSocket;
    }

    /**
     * Drops all waiting and later messages and closes the connection with 1000, without waiting. Threads in {@code
     * receive} get the end when it arrives. If there is no connection, the inbox ends at once, and a later connection
     * is aborted.
     */
    @Override
    public void close() {
        WebSocket open;
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            waiting.clear();
            cost = 0;
            open = webSocket;
            if (open == null) {
                end = new Incoming.End(new CloseEvent(CloseCode.ABNORMAL_CLOSURE, "", false, null));
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
        if (open != null) {
            open.close();
            open.request(Long.MAX_VALUE); // else the end would wait for messages that are never requested
        }
    }

    // Calls from the connection

    @Override
    public long initialDemand() {
        lock.lock();
        try {
            boolean first = !hasRequested && webSocket == null;
            hasRequested = true;
            return first ? 1 : 0;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void onOpen(WebSocket webSocket) {
        boolean wanted;
        lock.lock();
        try {
            if (this.webSocket != null && this.webSocket != webSocket) {
                throw new IllegalStateException("an inbox is for one connection: create another one");
            }
            this.webSocket = webSocket;
            wanted = !closed;
        } finally {
            lock.unlock();
        }
        if (!wanted) {
            webSocket.abort();
        }
    }

    @Override
    public void onText(WebSocket webSocket, String text) {
        add(webSocket, new Incoming.Text(text), 2L * text.length());
    }

    @Override
    public void onBinary(WebSocket webSocket, ByteBuffer data) {
        ByteBuffer copy = ByteBuffer.allocate(data.remaining()).put(data).flip();
        add(webSocket, new Incoming.Binary(copy), copy.capacity());
    }

    private void add(WebSocket from, Incoming message, long bytes) {
        WebSocket requester;
        lock.lock();
        try {
            if (closed || from != webSocket) {
                return;
            }
            waiting.add(new Waiting(message, bytes + OVERHEAD));
            cost += bytes + OVERHEAD;
            changed.signal();
            hasRequested = false;
            requester = requester(room);
        } finally {
            lock.unlock();
        }
        if (requester != null) {
            requester.request(1);
        }
    }

    @Override
    public void onClose(WebSocket webSocket, CloseEvent event) {
        lock.lock();
        try {
            if (webSocket == this.webSocket && end == null) {
                end = new Incoming.End(event);
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }
}
