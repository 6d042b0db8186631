package dev.tenon.ws.connection;

import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Calls another listener on an executor. The calls that wait for the executor are bounded: messages are requested from
 * the connection one by one, while few bytes wait and the application has demand.
 *
 * <p>Called on the connection's thread, except {@link #request} and {@link #discard}, which are safe from any thread.
 */
class SerialListener implements WebSocketListener, CallQueue.Owner {
    /** With this many waiting bytes (each call counts some more), reading stops. */
    static final int WAITING_LIMIT = 64 * 1024;

    /** A call of the listener. */
    interface Call {
        void make() throws Exception;
    }

    final WebSocketListener target;
    private final Connection connection;
    private final CallQueue calls;

    /** The demand of the application, without the message that was requested from the connection. Guarded by this. */
    private long demand;
    /** Whether a message was requested from the connection and has not arrived. Guarded by this. */
    private boolean hasRequested;

    /** The exception of the listener that has already been passed to its {@code onError}. */
    private volatile @Nullable ListenerException ownError;

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

    /** The same for a listener that receives pieces of messages. */
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

    /** The same for a listener that receives texts as bytes. */
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

    // Calls from the connection

    @Override
    public synchronized long initialDemand() {
        demand = Delivery.initialDemand(target);
        return shouldRequest(WAITING_LIMIT) ? 1 : 0;
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
        if (error != ownError) { // else the listener has thrown this error and knows it
            calls.add(CallQueue.Kind.ALWAYS, 0, () -> reportError(error));
        }
    }

    /** An exception of {@code onClose} goes to the executor, because the connection has ended. */
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
            hasRequested = false;
        }
        add(CallQueue.Kind.MESSAGE, length, call);
        requestIfRoom(WAITING_LIMIT);
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

    /** Passes the exception of the listener to its {@code onError}, and fails the connection with 1011. */
    private void fail(Throwable thrown) {
        ListenerException failure = new ListenerException(thrown);
        ownError = failure;
        reportError(failure);
        calls.discard();
        connection.calls().call(() -> connection.handshake().listenerFailed(failure));
    }

    private void reportError(Throwable error) {
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
        requestIfRoom(WAITING_LIMIT / 2);
    }

    @Override
    public void rejected(Throwable thrown) {
        calls.discard();
        connection.calls().call(() -> connection.handshake().listenerFailed(new ListenerException(thrown)));
    }

    // Demand of the application

    void request(long messages) {
        synchronized (this) {
            demand = demand + messages < 0 ? Long.MAX_VALUE : demand + messages;
        }
        requestIfRoom(WAITING_LIMIT);
    }

    /** Drops waiting and later calls, except errors and the end. */
    void discard() {
        calls.discard();
    }

    /**
     * Returns the rest of the demand and resets it. The transport is closed, so all requested messages are delivered
     * now.
     */
    synchronized long takeDemand() {
        long rest = demand;
        demand = 0;
        return rest;
    }

    private void requestIfRoom(long limit) {
        boolean requestsMore;
        synchronized (this) {
            requestsMore = shouldRequest(limit);
        }
        if (requestsMore) {
            connection.calls().ask(1);
        }
    }

    private boolean shouldRequest(long limit) {
        if (hasRequested || demand == 0 || calls.cost() > limit) {
            return false;
        }
        if (demand != Long.MAX_VALUE) {
            demand--;
        }
        hasRequested = true;
        return true;
    }
}
