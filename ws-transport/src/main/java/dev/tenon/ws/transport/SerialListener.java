package dev.tenon.ws.transport;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.MessageType;
import dev.tenon.ws.connection.StreamingListener;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Has another listener called on an executor: one call at a time, in order, each seeing what those before it have
 * written. What waits for the executor is bounded, for the connection is asked for one message after the other, as long
 * as little waits here and the application wants more.
 *
 * <p>Called on the loop, but for {@link #request} and {@link #discard}, which may come from any thread.
 */
class SerialListener implements WebSocketListener {
    private static final Seldom FAILURES = new Seldom(System.getLogger("dev.tenon.ws.transport"), Level.ERROR);
    /** From here on, bytes that wait (each call counts some more) stop the reading. */
    static final int WAITING_LIMIT = 64 * 1024;
    /** How many pings and pongs may wait; of more the application is not told. */
    static final int MOST_CONTROL = 64;

    private static final int OVERHEAD = 128;
    /** How many calls in a row before other connections have their turn on the executor's thread. */
    private static final int TURN = 32;

    private enum Kind {
        MESSAGE,
        CONTROL,
        WRITABLE,
        /** Also told after a failure. */
        ALWAYS
    }

    /** A call of the listener. */
    private interface Call {
        void on(WebSocketListener listener, WebSocket session);
    }

    private record Waiting(Kind kind, long cost, Call call) {
        boolean isDropped() {
            return kind != Kind.ALWAYS;
        }
    }

    final WebSocketListener target;
    private final Executor executor;
    private volatile @Nullable Session session;

    /** Guards what follows, and is what still has to be called. */
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();

    private long waitingCost;
    private int waitingControl;
    private boolean waitingWritable;
    /** Whether somebody calls, or is about to. */
    private boolean running;
    /** How many messages the application wants beyond the one that the connection has been asked for. */
    private long demand;
    /** Whether the connection has been asked for a message that has not come. */
    private boolean asked;

    /** Whether the application is told of nothing any more but errors and the end. */
    private boolean over;

    private @Nullable Throwable told;

    private SerialListener(WebSocketListener target, Executor executor) {
        this.target = target;
        this.executor = executor;
    }

    static SerialListener of(WebSocketListener target, Executor executor) {
        return target instanceof StreamingListener
                ? new Streaming(target, executor)
                : new SerialListener(target, executor);
    }

    /** The same for pieces of messages. */
    private static final class Streaming extends SerialListener implements StreamingListener {
        Streaming(WebSocketListener target, Executor executor) {
            super(target, executor);
        }

        @Override
        public void onPiece(WebSocket webSocket, MessageType type, ByteBuffer piece, boolean last) {
            ByteBuffer copy = copy(piece);
            message(
                    copy.remaining(),
                    (listener, session) -> ((StreamingListener) listener).onPiece(session, type, copy, last));
        }
    }

    // What the connection tells

    @Override
    public long initialDemand() {
        synchronized (waiting) {
            demand = target.initialDemand();
            return asks(WAITING_LIMIT) ? 1 : 0;
        }
    }

    @Override
    public void onOpen(WebSocket webSocket) {
        session = (Session) webSocket;
        add(Kind.ALWAYS, 0, WebSocketListener::onOpen);
    }

    @Override
    public void onText(WebSocket webSocket, String text) {
        message(2L * text.length(), (listener, session) -> listener.onText(session, text));
    }

    @Override
    public void onBinary(WebSocket webSocket, ByteBuffer data) {
        ByteBuffer copy = copy(data);
        message(copy.remaining(), (listener, session) -> listener.onBinary(session, copy));
    }

    @Override
    public void onPing(WebSocket webSocket, ByteBuffer payload) {
        ByteBuffer copy = copy(payload);
        add(Kind.CONTROL, copy.remaining(), (listener, session) -> listener.onPing(session, copy));
    }

    @Override
    public void onPong(WebSocket webSocket, ByteBuffer payload) {
        ByteBuffer copy = copy(payload);
        add(Kind.CONTROL, copy.remaining(), (listener, session) -> listener.onPong(session, copy));
    }

    @Override
    public void onWritable(WebSocket webSocket) {
        add(Kind.WRITABLE, 0, WebSocketListener::onWritable);
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
        synchronized (waiting) {
            if (error == told) { // it came from the listener itself
                return;
            }
        }
        add(Kind.ALWAYS, 0, (listener, session) -> tell(session, error));
    }

    @Override
    public void onClose(WebSocket webSocket, CloseEvent event) {
        add(Kind.ALWAYS, 0, (listener, session) -> close(session, event));
    }

    static ByteBuffer copy(ByteBuffer borrowed) {
        return ByteBuffer.allocate(borrowed.remaining()).put(borrowed).flip();
    }

    final void message(long length, Call call) {
        synchronized (waiting) {
            asked = false;
        }
        add(Kind.MESSAGE, length, call);
        askIfWanted(WAITING_LIMIT);
    }

    // What the application asks for

    void request(long messages) {
        if (messages <= 0) {
            throw new IllegalArgumentException("a demand is positive: " + messages);
        }
        synchronized (waiting) {
            demand = demand + messages < 0 ? Long.MAX_VALUE : demand + messages;
        }
        askIfWanted(WAITING_LIMIT);
    }

    /** Drops what waits and what still comes, but for errors and the end. */
    void discard() {
        synchronized (waiting) {
            over = true;
            waiting.stream().filter(Waiting::isDropped).forEach(this::forget);
            waiting.removeIf(Waiting::isDropped);
        }
    }

    /** The link is closed: all that the application wants still, and that is there, is taken, for the loop may end. */
    long takeDemand() {
        synchronized (waiting) {
            long rest = demand;
            demand = 0;
            return rest;
        }
    }

    private void askIfWanted(long limit) {
        Session connection = session;
        boolean asks;
        synchronized (waiting) {
            asks = connection != null && asks(limit);
        }
        if (asks) {
            Objects.requireNonNull(connection).requestOne();
        }
    }

    private boolean asks(long limit) {
        if (asked || demand == 0 || waitingCost > limit) {
            return false;
        }
        if (demand != Long.MAX_VALUE) {
            demand--;
        }
        asked = true;
        return true;
    }

    // The queue

    private void add(Kind kind, long length, Call call) {
        synchronized (waiting) {
            if (!takes(kind)) {
                return;
            }
            long cost = length + OVERHEAD;
            waiting.add(new Waiting(kind, cost, call));
            waitingCost += cost;
            if (running) {
                return;
            }
            running = true;
        }
        try {
            executor.execute(this::run);
        } catch (Throwable rejected) {
            if (!isOver()) { // else this is how the failure itself, or the end, is told
                fail(rejected);
            }
            run();
        }
    }

    private boolean isOver() {
        synchronized (waiting) {
            return over;
        }
    }

    /** Whether a call is told, and counts it then. */
    private boolean takes(Kind kind) {
        return switch (kind) {
            case ALWAYS -> true;
            case MESSAGE -> !over;
            case WRITABLE -> {
                boolean first = !over && !waitingWritable;
                waitingWritable |= first;
                yield first;
            }
            case CONTROL -> {
                boolean fits = !over && waitingControl < MOST_CONTROL;
                waitingControl += fits ? 1 : 0;
                yield fits;
            }
        };
    }

    /** Calls what waits; when other connections should have a turn, goes to the end of the executor's queue. */
    private void run() {
        while (true) {
            for (int i = 0; i < TURN; i++) {
                Waiting next = next();
                if (next == null) {
                    return;
                }
                call(next.call);
                askIfWanted(WAITING_LIMIT / 2);
            }
            try {
                executor.execute(this::run);
                return;
            } catch (Throwable rejected) {
                // what has begun here ends here; the loop's next call meets the same and says so
            }
        }
    }

    private @Nullable Waiting next() {
        synchronized (waiting) {
            Waiting next = waiting.poll();
            if (next == null) {
                running = false;
                return null;
            }
            forget(next);
            return next;
        }
    }

    private void forget(Waiting gone) {
        waitingCost -= gone.cost;
        if (gone.kind == Kind.WRITABLE) {
            waitingWritable = false;
        } else if (gone.kind == Kind.CONTROL) {
            waitingControl--;
        }
    }

    private void call(Call call) {
        Session connection = Objects.requireNonNull(session);
        try {
            call.on(target, connection);
        } catch (Throwable thrown) {
            synchronized (waiting) {
                told = thrown;
            }
            tell(connection, thrown);
            fail(thrown);
        }
    }

    /** Has the connection fail with 1011. */
    private void fail(Throwable cause) {
        discard();
        Objects.requireNonNull(session).listenerFailed(cause);
    }

    private void tell(WebSocket session, Throwable error) {
        try {
            target.onError(session, error);
        } catch (Throwable again) {
            if (again != error) {
                error.addSuppressed(again);
            }
        }
    }

    private void close(WebSocket session, CloseEvent event) {
        try {
            target.onClose(session, event);
        } catch (Throwable thrown) {
            FAILURES.log("a listener has failed at the end of its connection", thrown);
        }
    }
}
