package dev.tenon.ws.client.jdk;

import dev.tenon.ws.frame.CloseCode;
import java.net.http.WebSocket;
import java.net.http.WebSocket.Listener;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The pending calls of a listener. An executor makes them one at a time, in order, up to the requested number. The
 * queue is bounded. Thread-safe.
 */
final class CallQueue {
    /** How many waiting bytes pause reading. */
    private static final int WAITING_LIMIT = 64 * 1024;

    /** The cost of a waiting call in addition to its bytes. */
    private static final int OVERHEAD = 128;

    private static final int MOST_CONTROL_FRAMES = 64;

    /** A call of a listener. */
    interface Call {
        @Nullable
        Object on(Listener listener, WebSocket webSocket);
    }

    private enum Kind {
        OPEN,
        MESSAGE,
        CONTROL,
        CLOSE,
        ERROR;

        boolean needsDemand() {
            return this != OPEN && this != ERROR;
        }

        boolean isLast() {
            return this == CLOSE || this == ERROR;
        }
    }

    private record Due(Kind kind, int size, Call call) {}

    private final Listener listener;
    private final Executor executor;
    private final Deque<Due> queue = new ArrayDeque<>();
    private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
    private @Nullable JdkWebSocket webSocket;
    private dev.tenon.ws.connection.@Nullable WebSocket source;
    private long demand;
    private int waitingBytes;
    private int waitingControlFrames;
    private boolean running;
    /** Whether a piece was requested; initially true. */
    private boolean hasRequested = true;

    private boolean stopped;

    CallQueue(Listener listener, Executor executor) {
        this.listener = listener;
        this.executor = executor;
    }

    void open(JdkWebSocket webSocket, dev.tenon.ws.connection.WebSocket source) {
        synchronized (this) {
            this.webSocket = webSocket;
            this.source = source;
        }
        add(new Due(Kind.OPEN, 0, (listener, to) -> {
            listener.onOpen(to);
            return null;
        }));
    }

    /** Adds the call for a requested piece. */
    void message(int size, Call call) {
        add(new Due(Kind.MESSAGE, size + OVERHEAD, call));
        skip();
    }

    /**
     * A requested piece needs no call. Requests the next one at once, so that no ping overtakes it.
     */
    void skip() {
        dev.tenon.ws.connection.WebSocket from;
        synchronized (this) {
            hasRequested = hasRoom();
            from = hasRequested ? source : null;
        }
        if (from != null) {
            from.request(1);
        }
    }

    /**
     * Adds the call for a ping or pong, or drops it if too many wait: they need no response, and come without a
     * request.
     */
    void control(Call call) {
        synchronized (this) {
            if (waitingControlFrames == MOST_CONTROL_FRAMES) {
                return;
            }
            waitingControlFrames++;
        }
        add(new Due(Kind.CONTROL, OVERHEAD, call));
    }

    void close(Call call) {
        add(new Due(Kind.CLOSE, 0, call));
    }

    void error(Throwable failure) {
        add(new Due(Kind.ERROR, 0, (listener, to) -> {
            listener.onError(to, failure);
            return null;
        }));
    }

    /** The connection has ended. The listener's last call may follow later. */
    void ended(boolean clean) {
        ended.complete(clean);
    }

    /**
     * Whether the end was clean. Requests the last pieces of an ended connection, because its end is reported behind
     * them.
     */
    CompletableFuture<Boolean> cleanEnd() {
        dev.tenon.ws.connection.WebSocket from;
        synchronized (this) {
            from = source;
        }
        if (from != null && !ended.isDone()) {
            from.request(Long.MAX_VALUE);
        }
        return ended;
    }

    /**
     * Adds demand.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    void request(long calls) {
        if (calls <= 0) {
            throw new IllegalArgumentException("a demand is positive: " + calls);
        }
        synchronized (this) {
            demand = demand + calls < 0 ? Long.MAX_VALUE : demand + calls;
        }
        run();
    }

    /** Makes no further calls, and drops all pieces. */
    synchronized void stop() {
        stopped = true;
        queue.clear();
    }

    private void add(Due due) {
        synchronized (this) {
            if (stopped) {
                return;
            }
            queue.add(due);
            waitingBytes += due.size;
        }
        run();
    }

    private void run() {
        synchronized (this) {
            if (running || !isReady()) {
                return;
            }
            running = true;
        }
        try {
            executor.execute(this::callAll);
        } catch (Throwable refused) { // a call's own exceptions never get here
            fail(refused, JdkWebSocket::abort);
        }
    }

    private boolean isReady() {
        Due next = queue.peek();
        return next != null && (demand > 0 || !next.kind.needsDemand());
    }

    private void callAll() {
        Due next = take();
        while (next != null) {
            call(next);
            next = take();
        }
    }

    private synchronized @Nullable Due take() {
        if (!isReady()) {
            running = false;
            return null;
        }
        Due next = queue.remove();
        waitingBytes -= next.size;
        if (next.kind == Kind.CONTROL) {
            waitingControlFrames--;
        }
        if (next.kind.needsDemand() && demand != Long.MAX_VALUE) {
            demand--;
        }
        return next;
    }

    private void call(Due due) {
        JdkWebSocket to = webSocket();
        if (due.kind.isLast()) {
            stop();
            to.end();
        } else {
            requestMore();
        }
        try {
            due.call.on(listener, to);
        } catch (Throwable thrown) { // also a checked exception of Kotlin or Scala
            if (!due.kind.isLast()) {
                fail(thrown, failed -> failed.fail(CloseCode.INTERNAL_ERROR));
            }
        }
    }

    /** Ends the connection and calls the listener with the reason. Only for a thread that may call the listener. */
    private void fail(Throwable cause, Consumer<JdkWebSocket> ending) {
        JdkWebSocket to = webSocket();
        stop();
        ending.accept(to);
        to.end();
        try {
            listener.onError(to, cause);
        } catch (Throwable again) {
            cause.addSuppressed(again); // the listener has thrown again
        }
    }

    private boolean hasRoom() {
        return !stopped && waitingBytes < WAITING_LIMIT;
    }

    private void requestMore() {
        dev.tenon.ws.connection.WebSocket from;
        synchronized (this) {
            if (hasRequested || !hasRoom() || source == null) {
                return;
            }
            hasRequested = true;
            from = source;
        }
        from.request(1);
    }

    private synchronized JdkWebSocket webSocket() {
        JdkWebSocket open = webSocket;
        if (open == null) {
            throw new IllegalStateException("not open");
        }
        return open;
    }
}
