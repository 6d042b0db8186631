package dev.tenon.ws.netty;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Echoes texts, counts bytes of binary messages, and records the open and close events. */
final class RecordingListener implements WebSocketListener {
    final CompletableFuture<WebSocket> opened = new CompletableFuture<>();
    final CompletableFuture<CloseEvent> closed = new CompletableFuture<>();
    final CompletableFuture<String> text = new CompletableFuture<>();
    final AtomicLong bytes = new AtomicLong();
    private final long demand;

    RecordingListener() {
        this(Long.MAX_VALUE);
    }

    RecordingListener(long demand) {
        this.demand = demand;
    }

    @Override
    public long initialDemand() {
        return demand;
    }

    @Override
    public void onOpen(WebSocket webSocket) {
        opened.complete(webSocket);
    }

    @Override
    public void onText(WebSocket webSocket, String message) {
        text.complete(message);
        webSocket.sendText(message);
    }

    @Override
    public void onBinary(WebSocket webSocket, ByteBuffer data) {
        bytes.addAndGet(data.remaining());
    }

    @Override
    public void onClose(WebSocket webSocket, CloseEvent event) {
        closed.complete(event);
    }

    CloseEvent end() throws Exception {
        return closed.get(60, TimeUnit.SECONDS);
    }
}
