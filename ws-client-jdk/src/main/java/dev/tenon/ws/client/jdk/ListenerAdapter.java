package dev.tenon.ws.client.jdk;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.MessageType;
import dev.tenon.ws.connection.StreamingListener;
import dev.tenon.ws.connection.WebSocket;
import java.net.ProtocolException;
import java.net.http.WebSocket.Listener;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Translates the events of a connection of Tenon into calls of a listener of the JDK. */
final class ListenerAdapter implements StreamingListener {
    private final TextPieces text = new TextPieces();
    private final CompletableFuture<JdkWebSocket> opened = new CompletableFuture<>();
    private final CallQueue calls;
    private final Executor executor;

    ListenerAdapter(Listener listener, Executor executor) {
        this.calls = new CallQueue(listener, executor);
        this.executor = executor;
    }

    /** Completes when the connection is open; never if it does not open. */
    CompletableFuture<JdkWebSocket> opened() {
        return opened;
    }

    /** {@link CallQueue} requests one piece after the other. */
    @Override
    public long initialDemand() {
        return 1;
    }

    @Override
    public void onOpen(WebSocket webSocket) {
        JdkWebSocket open = new JdkWebSocket(webSocket, calls, executor);
        calls.open(open, webSocket);
        opened.complete(open);
    }

    @Override
    public void onPiece(WebSocket webSocket, MessageType type, ByteBuffer piece, boolean last) {
        int size = piece.remaining();
        if (type == MessageType.BINARY) {
            ByteBuffer data = copy(piece);
            calls.message(size, (listener, to) -> listener.onBinary(to, data, last));
            return;
        }
        String data = text.decode(piece, last);
        if (last || !data.isEmpty()) {
            calls.message(size, (listener, to) -> listener.onText(to, data, last));
        } else {
            calls.skip();
        }
    }

    @Override
    public void onPing(WebSocket webSocket, ByteBuffer payload) {
        ByteBuffer data = copy(payload);
        calls.control((listener, to) -> listener.onPing(to, data));
    }

    @Override
    public void onPong(WebSocket webSocket, ByteBuffer payload) {
        ByteBuffer data = copy(payload);
        calls.control((listener, to) -> listener.onPong(to, data));
    }

    @Override
    public void onClose(WebSocket webSocket, CloseEvent event) {
        calls.ended(event.wasClean());
        Throwable failure = failure(event);
        if (failure == null) {
            calls.close((listener, to) -> listener.onClose(to, event.code().value(), event.reason()));
        } else {
            calls.error(failure);
        }
    }

    /**
     * The error of the JDK's {@code onError}; null for an end of the stream, which the JDK reports as a close with
     * 1006.
     */
    private static @Nullable Throwable failure(CloseEvent event) {
        Throwable cause = event.cause();
        if (event.wasClean() || cause == null) {
            return null;
        }
        if (cause instanceof dev.tenon.ws.frame.ProtocolException broken) {
            ProtocolException failure = new ProtocolException(broken.getMessage());
            failure.initCause(broken);
            return failure;
        }
        return cause;
    }

    static ByteBuffer copy(ByteBuffer borrowed) {
        return ByteBuffer.allocate(borrowed.remaining()).put(borrowed).flip();
    }
}
