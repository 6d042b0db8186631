package dev.tenon.ws.server;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import java.util.concurrent.CompletableFuture;

/** Echoes text, and records the close event. */
final class Echo implements WebSocketListener {
    final CompletableFuture<CloseEvent> closed = new CompletableFuture<>();

    @Override
    public void onText(WebSocket webSocket, String text) {
        webSocket.sendText(text);
    }

    @Override
    public void onClose(WebSocket webSocket, CloseEvent event) {
        assertTrue(closed.complete(event), "closed twice");
    }
}
