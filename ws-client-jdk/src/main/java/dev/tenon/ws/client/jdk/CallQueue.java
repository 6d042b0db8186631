package dev.tenon.ws.client.jdk;

import dev.tenon.ws.frame.CloseCode;
import java.net.http.WebSocket;
import java.net.http.WebSocket.Listener;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The calls that a listener is due: made on an executor, one at a time, in order, and as many as it has asked for. What
 * waits is bounded. Thread-safe.
 */
final class CallQueue {
    /** From here on, what waits stops the reading. */
    private static final int WAITING_LIMIT = 64 * 1024;

    /** What a call that waits costs beside its bytes. */
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
    /** Whether a piece is asked for; the first one is before all else. */
    private boolean asked = true;

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

    /** A piece has come that was asked for. */
    void message(int size, Call call) {
        add(new Due(Kind.MESSAGE, size + OVERHEAD, call));
        nothing();
    }

    /**
     * A piece has come that was asked for, and there is nothing to tell about it. The next one is asked for at once, so
     * that no ping overtakes it.
     */
    void nothing() {
        dev.tenon.ws.connection.WebSocket from;
        synchronized (this) {
            asked = hasRoom();
            from = asked ? source : null;
        }
        if (from != null) {
            from.request(1);
        }
    }

    /** Too many are not told: they need no response, and nobody has to ask for them. */
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

    /** The connection has ended; the listener may be told later. */
    void ended(boolean clean) {
        ended.complete(clean);
    }

    /**
     * Whether the end was clean. For a connection that has ended: the little that it still holds is taken, because it
     * tells its end behind that.
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

    /** Calls nobody any more, and takes nothing. */
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
        } catch (RejectedExecutionException rejected) {
            fail(rejected, JdkWebSocket::abort);
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
            askForMore();
        }
        try {
            due.call.on(listener, to);
        } catch (RuntimeException | Error thrown) {
            if (!due.kind.isLast()) {
                fail(thrown, failed -> failed.fail(CloseCode.INTERNAL_ERROR));
            }
        }
    }

    /** Ends the connection, and tells the listener why. Only by who may call it. */
    private void fail(Throwable cause, Consumer<JdkWebSocket> ending) {
        JdkWebSocket to = webSocket();
        stop();
        ending.accept(to);
        to.end();
        try {
            listener.onError(to, cause);
        } catch (RuntimeException | Error again) {
            cause.addSuppressed(again); // nobody is left to be told
        }
    }

    private boolean hasRoom() {
        return !stopped && waitingBytes < WAITING_LIMIT;
    }

    private void askForMore() {
        dev.tenon.ws.connection.WebSocket from;
        synchronized (this) {
            if (asked || !hasRoom() || source == null) {
                return;
            }
            asked = true;
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
