package dev.tenon.ws.connection;

import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Has another listener called on an executor. What waits for the executor is bounded, for the connection is asked for one
 * message after the other, as long as little waits and the application wants more.
 *
 * <p>Called on the connection's thread, but for {@link #request} and {@link #discard}, which may come from any thread.
 */
class SerialListener implements WebSocketListener, CallQueue.Owner {
    /** From here on, bytes that wait (each call counts some more) stop the reading. */
    static final int WAITING_LIMIT = 64 * 1024;

    /** A call of the listener. */
    interface Call {
        void make() throws Exception;
    }

    final WebSocketListener target;
    private final Connection connection;
    private final CallQueue calls;

    /** How many messages the application wants beyond the one that the connection was asked for. Guarded by this. */
    private long demand;
    /** Whether the connection was asked for a message that has not come. Guarded by this. */
    private boolean asked;

    /** What the listener has thrown, which it knows already. */
    private volatile @Nullable ListenerException told;

    private SerialListener(WebSocketListener target, Executor executor, Connection connection) {
        this.target = target;
        this.connection = connection;
        this.calls = new CallQueue(executor, this);
    }

    static SerialListener of(WebSocketListener target, Executor executor, Connection connection) {
        if (target instanceof StreamingListener pieces) {
            return new Streaming(pieces, executor, connection);
        }
        return target instanceof Utf8Listener utf8
                ? new Utf8(utf8, executor, connection)
                : new SerialListener(target, executor, connection);
    }

    /** The same for pieces of messages. */
    private static final class Streaming extends SerialListener implements StreamingListener {
        private final StreamingListener pieces;

        Streaming(StreamingListener target, Executor executor, Connection connection) {
            super(target, executor, connection);
            pieces = target;
        }

        @Override
        public void onPiece(WebSocket webSocket, MessageType type, ByteBuffer piece, boolean last) {
            ByteBuffer copy = copy(piece);
            message(copy.remaining(), () -> pieces.onPiece(webSocket, type, copy, last));
        }
    }

    /** The same for texts as bytes. */
    private static final class Utf8 extends SerialListener implements Utf8Listener {
        private final Utf8Listener utf8;

        Utf8(Utf8Listener target, Executor executor, Connection connection) {
            super(target, executor, connection);
            utf8 = target;
        }

        @Override
        public void onText(WebSocket webSocket, ByteBuffer text) {
            ByteBuffer copy = copy(text);
            message(copy.remaining(), () -> utf8.onText(webSocket, copy));
        }
    }

    // What the connection tells

    @Override
    public synchronized long initialDemand() {
        demand = Delivery.initialDemand(target);
        return asks(WAITING_LIMIT) ? 1 : 0;
    }

    @Override
    public void onOpen(WebSocket webSocket) {
        add(CallQueue.Kind.ALWAYS, 0, () -> target.onOpen(webSocket));
    }

    @Override
    public void onText(WebSocket webSocket, String text) {
        message(2L * text.length(), () -> target.onText(webSocket, text));
    }

    @Override
    public void onBinary(WebSocket webSocket, ByteBuffer data) {
        ByteBuffer copy = copy(data);
        message(copy.remaining(), () -> target.onBinary(webSocket, copy));
    }

    @Override
    public void onPing(WebSocket webSocket, ByteBuffer payload) {
        ByteBuffer copy = copy(payload);
        add(CallQueue.Kind.CONTROL, copy.remaining(), () -> target.onPing(webSocket, copy));
    }

    @Override
    public void onPong(WebSocket webSocket, ByteBuffer payload) {
        ByteBuffer copy = copy(payload);
        add(CallQueue.Kind.CONTROL, copy.remaining(), () -> target.onPong(webSocket, copy));
    }

    @Override
    public void onWritable(WebSocket webSocket) {
        add(CallQueue.Kind.WRITABLE, 0, () -> target.onWritable(webSocket));
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
        if (error != told) { // else it came from the listener itself
            calls.add(CallQueue.Kind.ALWAYS, 0, () -> tell(error));
        }
    }

    /** What it throws goes to the executor: the connection has ended, and nobody else is left. */
    @Override
    public void onClose(WebSocket webSocket, CloseEvent event) {
        calls.add(CallQueue.Kind.ALWAYS, 0, () -> {
            try {
                target.onClose(webSocket, event);
            } catch (Throwable thrown) {
                throw ListenerException.unchecked(thrown);
            }
        });
    }

    static ByteBuffer copy(ByteBuffer borrowed) {
        return ByteBuffer.allocate(borrowed.remaining()).put(borrowed).flip();
    }

    final void message(long length, Call call) {
        synchronized (this) {
            asked = false;
        }
        add(CallQueue.Kind.MESSAGE, length, call);
        askIfWanted(WAITING_LIMIT);
    }

    private void add(CallQueue.Kind kind, long length, Call call) {
        calls.add(kind, length, () -> {
            try {
                call.make();
            } catch (Throwable thrown) {
                fail(thrown);
            }
        });
    }

    /** Tells what the listener has thrown, and has the connection fail with 1011. */
    private void fail(Throwable thrown) {
        ListenerException failure = new ListenerException(thrown);
        told = failure;
        tell(failure);
        calls.discard();
        connection.calls().call(() -> connection.handshake().listenerFailed(failure));
    }

    private void tell(Throwable error) {
        try {
            target.onError(connection.webSocket(), error);
        } catch (Throwable again) {
            if (again != error) {
                error.addSuppressed(again);
            }
        }
    }

    @Override
    public void called() {
        askIfWanted(WAITING_LIMIT / 2);
    }

    @Override
    public void rejected(Throwable thrown) {
        calls.discard();
        connection.calls().call(() -> connection.handshake().listenerFailed(new ListenerException(thrown)));
    }

    // What the application asks for

    void request(long messages) {
        synchronized (this) {
            demand = demand + messages < 0 ? Long.MAX_VALUE : demand + messages;
        }
        askIfWanted(WAITING_LIMIT);
    }

    /** Drops what waits and what still comes, but for errors and the end. */
    void discard() {
        calls.discard();
    }

    /** The transport is closed: all that the application wants still, and that is there, is taken. */
    synchronized long takeDemand() {
        long rest = demand;
        demand = 0;
        return rest;
    }

    private void askIfWanted(long limit) {
        boolean asks;
        synchronized (this) {
            asks = asks(limit);
        }
        if (asks) {
            connection.calls().ask(1);
        }
    }

    private boolean asks(long limit) {
        if (asked || demand == 0 || calls.cost() > limit) {
            return false;
        }
        if (demand != Long.MAX_VALUE) {
            demand--;
        }
        asked = true;
        return true;
    }
}
