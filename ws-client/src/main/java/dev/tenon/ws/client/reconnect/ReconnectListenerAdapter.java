package dev.tenon.ws.client.reconnect;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.MessageType;
import dev.tenon.ws.connection.StreamingListener;
import dev.tenon.ws.connection.Utf8Listener;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import java.nio.ByteBuffer;

/**
 * The listener of one of several connections. It passes all calls on, and notifies an owner of the beginning and the
 * end.
 */
public class ReconnectListenerAdapter implements WebSocketListener {
    /** The owner, which connects again. Called on the thread of the listener's calls. */
    public interface Owner {
        /** Before the listener's {@code onOpen}. */
        void opened(WebSocket webSocket);

        /** After the listener's {@code onOpen} has returned. */
        void ready(ReconnectListenerAdapter connection, WebSocket webSocket);

        void closed(ReconnectListenerAdapter connection, CloseEvent event);
    }

    private final Owner owner;
    private final WebSocketListener target;

    private ReconnectListenerAdapter(Owner owner, WebSocketListener target) {
        this.owner = owner;
        this.target = target;
    }

    public static ReconnectListenerAdapter of(Owner owner, WebSocketListener target) {
        if (target instanceof StreamingListener pieces) {
            return new Streaming(owner, pieces);
        }
        return target instanceof Utf8Listener utf8
                ? new Utf8(owner, utf8)
                : new ReconnectListenerAdapter(owner, target);
    }

    private static final class Utf8 extends ReconnectListenerAdapter implements Utf8Listener {
        private final Utf8Listener utf8;

        Utf8(Owner owner, Utf8Listener utf8) {
            super(owner, utf8);
            this.utf8 = utf8;
        }

        @Override
        public void onText(WebSocket webSocket, ByteBuffer text) throws Exception {
            utf8.onText(webSocket, text);
        }
    }

    private static final class Streaming extends ReconnectListenerAdapter implements StreamingListener {
        private final StreamingListener pieces;

        Streaming(Owner owner, StreamingListener pieces) {
            super(owner, pieces);
            this.pieces = pieces;
        }

        @Override
        public void onPiece(WebSocket webSocket, MessageType type, ByteBuffer piece, boolean last) throws Exception {
            pieces.onPiece(webSocket, type, piece, last);
        }
    }

    @Override
    public void onOpen(WebSocket webSocket) throws Exception {
        owner.opened(webSocket);
        target.onOpen(webSocket);
        owner.ready(this, webSocket);
    }

    @Override
    public void onText(WebSocket webSocket, String text) throws Exception {
        target.onText(webSocket, text);
    }

    @Override
    public void onBinary(WebSocket webSocket, ByteBuffer data) throws Exception {
        target.onBinary(webSocket, data);
    }

    @Override
    public void onPing(WebSocket webSocket, ByteBuffer payload) throws Exception {
        target.onPing(webSocket, payload);
    }

    @Override
    public void onPong(WebSocket webSocket, ByteBuffer payload) throws Exception {
        target.onPong(webSocket, payload);
    }

    @Override
    public void onWritable(WebSocket webSocket) throws Exception {
        target.onWritable(webSocket);
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) throws Exception {
        target.onError(webSocket, error);
    }

    @Override
    public void onClose(WebSocket webSocket, CloseEvent event) throws Exception {
        try {
            target.onClose(webSocket, event);
        } finally {
            owner.closed(this, event);
        }
    }

    @Override
    public long initialDemand() {
        return target.initialDemand();
    }
}
