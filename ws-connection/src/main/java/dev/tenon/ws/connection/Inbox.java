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
 * The messages of one connection, for threads that wait for them: a listener that keeps what comes until it is
 * {@linkplain #receive received}. A client opens a connection with one, a server accepts one with it, or with a
 * {@linkplain #handledBy handler that has one}.
 *
 * <pre>{@code
 * while (inbox.receive() instanceof Incoming.Text message) {
 *     inbox.webSocket().sendBlocking(Message.text(answer(message.text())));
 * }
 * }</pre>
 *
 * <p>It is bounded: the connection is asked for the next message only while there is room, so a peer that sends faster
 * than somebody receives is slowed down; pings are answered meanwhile. What was taken from the peer is received before
 * the end is, also when the thread of the connection has ended. Of errors the {@linkplain CloseEvent#cause() cause} of the
 * end tells; pings and pongs are not told.
 *
 * <p>Thread-safe; each message goes to one of those who wait, who may be virtual threads. The connection's own thread must
 * not wait, because it would wait for itself.
 */
public final class Inbox implements WebSocketListener, AutoCloseable {
    private static final int DEFAULT_ROOM = 64 * 1024;
    /** What a message costs beside its bytes. */
    private static final int OVERHEAD = 128;

    private static final long FOREVER = Long.MAX_VALUE;

    private record Waiting(Incoming message, long cost) {}

    private final long room;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** What waits; guarded, with all that follows, by the lock. */
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();

    private long cost;
    /** Whether the connection has been asked for a message that has not come. */
    private boolean asked;

    private boolean closed;
    private volatile @Nullable WebSocket webSocket;
    private Incoming.@Nullable End end;

    private Inbox(long room) {
        this.room = room;
    }

    /**
     * An inbox with room for 64 KiB.
     *
     * @return an empty inbox, for one connection
     */
    public static Inbox create() {
        return holding(DEFAULT_ROOM);
    }

    /**
     * An inbox with some room.
     *
     * @param bytes what may wait before no further message is asked for: two bytes for each {@code char} of a text, and
     *     128 more for each message. The last message to come may go beyond that by its length
     * @return an empty inbox, for one connection
     * @throws IllegalArgumentException if it is negative
     */
    public static Inbox holding(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("room is not negative: " + bytes);
        }
        return new Inbox(bytes);
    }

    /**
     * A listener that has an inbox of its own, with room for 64 KiB, and somebody who receives from it: for servers whose
     * handlers wait. The connection is closed with 1000 when the handler returns, unless it was closed before, and with 1001
     * if the handler was interrupted. If the handler throws anything else, the connection is closed with 1011, and a
     * {@link ListenerException} goes to the thread of the executor; but an {@link java.io.IOException} goes nowhere if the
     * connection is closing or closed, because a send throws one then.
     *
     * @param handler receives and sends
     * @param executor runs the handler once the connection is open: one thread for each connection, such as a virtual one.
     *     If it refuses to, the connection ends with 1011
     * @return a listener for one connection
     */
    public static WebSocketListener handledBy(InboxHandler handler, Executor executor) {
        return new HandledInbox(handler, executor);
    }

    /**
     * The connection, to send on.
     *
     * @return the connection that this inbox belongs to
     * @throws IllegalStateException if it is not open yet
     */
    public WebSocket webSocket() {
        WebSocket opened = webSocket;
        if (opened == null) {
            throw new IllegalStateException("the inbox has no connection yet");
        }
        return opened;
    }

    /**
     * Waits for the next message, or for the end of the connection. An inbox whose connection never opens has no end:
     * {@linkplain #close() close} it then.
     *
     * @return the next message; behind the last one the end, as often as it is asked for
     * @throws InterruptedException if the thread is interrupted; no message is lost by that
     * @throws IllegalStateException on the thread of the connection, if nothing is there
     */
    public Incoming receive() throws InterruptedException {
        return Objects.requireNonNull(take(FOREVER));
    }

    /**
     * Waits for the next message, or for the end of the connection, for some time.
     *
     * @param timeout how long; zero or less to take only what is there
     * @return the next message; behind the last one the end, as often as it is asked for
     * @throws TimeoutException if nothing came in time
     * @throws InterruptedException if the thread is interrupted; no message is lost by that
     * @throws IllegalStateException on the thread of the connection, if nothing is there and the timeout is positive
     */
    public Incoming receive(Duration timeout) throws InterruptedException, TimeoutException {
        Incoming next = take(timeout.isNegative() ? 0 : ProgressWatch.nanos(timeout));
        if (next == null) {
            throw new TimeoutException("no message within " + timeout);
        }
        return next;
    }

    private @Nullable Incoming take(long timeout) throws InterruptedException {
        WebSocket asks;
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
            asks = asks(room / 2);
        } finally {
            lock.unlock();
        }
        if (asks != null) {
            asks.request(1);
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
            throw new IllegalStateException("the connection's own thread must not wait for itself");
        }
    }

    /** The connection, if it is to be asked for a message; counts as asked then. */
    private @Nullable WebSocket asks(long limit) {
        if (asked || closed || end != null || cost > limit) {
            return null;
        }
        asked = true;
        return webSocket;
    }

    /**
     * Wants no more: what waits and what still comes is dropped, and the connection is closed with 1000. Does not wait for
     * that; those who wait receive the end when it has come. An inbox that has no connection ends here, and a connection
     * that it is given later is aborted.
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
            open.request(Long.MAX_VALUE); // else the end would wait behind what nobody asks for
        }
    }

    // What the connection tells

    @Override
    public long initialDemand() {
        lock.lock();
        try {
            boolean first = !asked && webSocket == null;
            asked = true;
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
                throw new IllegalStateException("an inbox is for one connection");
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
        WebSocket asks;
        lock.lock();
        try {
            if (closed || from != webSocket) {
                return;
            }
            waiting.add(new Waiting(message, bytes + OVERHEAD));
            cost += bytes + OVERHEAD;
            changed.signal();
            asked = false;
            asks = asks(room);
        } finally {
            lock.unlock();
        }
        if (asks != null) {
            asks.request(1);
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
