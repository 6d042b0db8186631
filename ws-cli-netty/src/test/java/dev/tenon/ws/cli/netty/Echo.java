package dev.tenon.ws.cli.netty;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/** Sends every message back, and reports the end. */
class Echo implements WebSocketListener {
    /** Large enough for every case. */
    static final ConnectionOptions OPTIONS =
            ConnectionOptions.DEFAULT.withMaxMessageLength(32 << 20).withOutbound(1 << 20, 64 << 20);

    final CompletableFuture<CloseEvent> ended = new CompletableFuture<>();

    @Override
    public void onText(WebSocket webSocket, String text) {
        webSocket.sendText(text);
    }

    @Override
    public void onBinary(WebSocket webSocket, ByteBuffer data) {
        webSocket.sendBinary(data);
    }

    @Override
    public void onClose(WebSocket webSocket, CloseEvent event) {
        ended.complete(event);
    }
}
