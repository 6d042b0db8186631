package dev.tenon.ws.netty;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.MessageType;
import dev.tenon.ws.connection.StreamingListener;
import dev.tenon.ws.connection.Utf8Listener;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import java.nio.ByteBuffer;

/** Passes the events of a connection to a {@link FrameBridge}. */
abstract class FrameListener implements WebSocketListener {
    final FrameBridge bridge;

    private FrameListener(FrameBridge bridge) {
        this.bridge = bridge;
    }

    /** Returns 0, because the bridge requests frames when the channel is read. */
    @Override
    public long initialDemand() {
        return 0;
    }

    @Override
    public void onOpen(WebSocket webSocket) {
        bridge.open(webSocket);
    }

    @Override
    public void onPing(WebSocket webSocket, ByteBuffer payload) {
        bridge.ping(payload);
    }

    @Override
    public void onPong(WebSocket webSocket, ByteBuffer payload) {
        bridge.pong(payload);
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
        bridge.failed(error);
    }

    @Override
    public void onClose(WebSocket webSocket, CloseEvent event) {
        bridge.closed(event);
    }

    /** Each message is one frame. */
    static final class Messages extends FrameListener implements Utf8Listener {
        Messages(FrameBridge bridge) {
            super(bridge);
        }

        @Override
        public void onText(WebSocket webSocket, ByteBuffer utf8) {
            bridge.data(MessageType.TEXT, utf8, true, true);
        }

        @Override
        public void onBinary(WebSocket webSocket, ByteBuffer data) {
            bridge.data(MessageType.BINARY, data, true, true);
        }
    }

    /** Each fragment of a message is one frame. */
    static final class Fragments extends FrameListener implements StreamingListener {
        private boolean inMessage;

        Fragments(FrameBridge bridge) {
            super(bridge);
        }

        @Override
        public void onPiece(WebSocket webSocket, MessageType type, ByteBuffer piece, boolean last) {
            boolean first = !inMessage;
            inMessage = !last;
            bridge.data(type, piece, first, last);
        }
    }
}
