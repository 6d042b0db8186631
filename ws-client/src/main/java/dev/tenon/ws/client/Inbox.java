package dev.tenon.ws.client;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.frame.CloseCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one connection, for threads that wait for them: a listener that keeps what comes until it is
 * {@linkplain #receive received}.
 *
 * <pre>{@code
 * try (Inbox inbox = Inbox.open(client, ConnectRequest.to(uri))) {
 *     inbox.webSocket().sendText("hello");
 *     while (inbox.receive() instanceof Received.Text text) {
 *         ...
 *     }
 * }
 * }</pre>
 *
 * <p>It is bounded: the connection is asked for the next message only while there is room, so a peer that sends faster
 * than somebody receives is slowed down; pings are answered meanwhile. What was taken from the peer is received before
 * the end is, also after the client was closed. Of errors the {@linkplain CloseEvent#cause() cause} of the end tells;
 * pings and pongs are not told.
 *
 * <p>Thread-safe; each message goes to one of those who wait, who may be virtual threads. Never wait on an event loop,
 * which would wait for itself.
 */
public final class Inbox implements WebSocketListener, AutoCloseable {
    private static final int DEFAULT_ROOM = 64 * 1024;
    /** What a message costs beside its bytes. */
    private static final int OVERHEAD = 128;

    private static final long FOREVER = Long.MAX_VALUE;

    private final long room;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** What waits; guarded, with all that follows, by the lock. */
    private final ArrayDeque<Received> waiting = new ArrayDeque<>();

    private long cost;
    /** Whether the connection has been asked for a message that has not come. */
    private boolean asked;

    private boolean closed;
    private @Nullable WebSocket webSocket;
    private Received.@Nullable End end;

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
     * Connects, and waits until the connection is open.
     *
     * @param client connects
     * @param request where to, and what to ask for
     * @return the inbox of the open connection
     * @throws IOException if connecting fails, as {@link WebSocketClient#connect(ConnectRequest, WebSocketListener)} says
     * @throws dev.tenon.ws.handshake.HandshakeException if the server has refused or its answer broke a rule
     * @throws InterruptedException if the thread is interrupted; the attempt is given up then
     * @throws IllegalStateException if called on the client's event loop
     */
    public static Inbox open(WebSocketClient client, ConnectRequest request) throws IOException, InterruptedException {
        client.requireOffLoop("wait for a connection");
        Inbox inbox = create();
        CompletableFuture<WebSocket> connecting = client.connect(request, inbox);
        try {
            inbox.attach(connecting.get()); // onOpen may come later, on an executor
            return inbox;
        } catch (InterruptedException e) {
            connecting.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            throw asThrown(e.getCause() == null ? e : e.getCause());
        }
    }

    private static IOException asThrown(Throwable failure) {
        if (failure instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        return failure instanceof IOException io ? io : new IOException(failure);
    }

    /**
     * The connection, to send on.
     *
     * @return the connection that this inbox belongs to
     * @throws IllegalStateException if it is not open yet
     */
    public WebSocket webSocket() {
        lock.lock();
        try {
            if (webSocket == null) {
                throw new IllegalStateException("the inbox has no connection yet");
            }
            return webSocket;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for the next message, or for the end of the connection. If the inbox was given to a connect that fails, there
     * is nothing to wait for: look at the connect's future first, or use {@link #open}.
     *
     * @return the next message; behind the last one the end, as often as it is asked for
     * @throws InterruptedException if the thread is interrupted; no message is lost by that
     */
    public Received receive() throws InterruptedException {
        Received next = take(FOREVER);
        if (next == null) {
            throw new AssertionError("waited for ever");
        }
        return next;
    }

    /**
     * Waits for the next message, or for the end of the connection, for some time.
     *
     * @param timeout how long; zero or less to take only what is there
     * @return the next message; behind the last one the end, as often as it is asked for
     * @throws TimeoutException if nothing came in time
     * @throws InterruptedException if the thread is interrupted; no message is lost by that
     */
    public Received receive(Duration timeout) throws InterruptedException, TimeoutException {
        Received next = take(nanos(timeout));
        if (next == null) {
            throw new TimeoutException("no message within " + timeout);
        }
        return next;
    }

    private static long nanos(Duration timeout) {
        try {
            return timeout.toNanos();
        } catch (ArithmeticException centuries) {
            return timeout.isNegative() ? 0 : FOREVER;
        }
    }

    private @Nullable Received take(long timeout) throws InterruptedException {
        WebSocket asks;
        Received next;
        lock.lockInterruptibly();
        try {
            if (!awaitSomething(timeout)) {
                return null;
            }
            next = waiting.poll();
            if (next == null) {
                return end;
            }
            cost -= cost(next);
            asks = asks(room / 2);
        } finally {
            lock.unlock();
        }
        if (asks != null) {
            asks.request(1);
        }
        return next;
    }

    private boolean awaitSomething(long timeout) throws InterruptedException {
        long left = timeout;
        while (waiting.isEmpty() && end == null) {
            if (left <= 0) {
                return false;
            }
            if (timeout == FOREVER) {
                changed.await();
            } else {
                left = changed.awaitNanos(left);
            }
        }
        return true;
    }

    private static long cost(Received message) {
        if (message instanceof Received.Text text) {
            return 2L * text.text().length() + OVERHEAD;
        }
        return message instanceof Received.Binary binary ? (long) binary.data().capacity() + OVERHEAD : 0;
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
                end = new Received.End(new CloseEvent(CloseCode.ABNORMAL_CLOSURE, "", false, null));
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

    /** The connection; returns whether it is wanted. */
    private boolean attach(WebSocket opened) {
        lock.lock();
        try {
            if (webSocket == null) {
                webSocket = opened;
            }
            if (webSocket != opened) {
                throw new IllegalStateException("an inbox is for one connection");
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

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
        if (!attach(webSocket)) {
            webSocket.abort();
        }
    }

    @Override
    public void onText(WebSocket webSocket, String text) {
        add(webSocket, new Received.Text(text));
    }

    @Override
    public void onBinary(WebSocket webSocket, ByteBuffer data) {
        add(
                webSocket,
                new Received.Binary(
                        ByteBuffer.allocate(data.remaining()).put(data).flip()));
    }

    private void add(WebSocket from, Received message) {
        WebSocket asks;
        lock.lock();
        try {
            if (closed || from != webSocket) {
                return;
            }
            waiting.add(message);
            cost += cost(message);
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
                end = new Received.End(event);
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }
}
