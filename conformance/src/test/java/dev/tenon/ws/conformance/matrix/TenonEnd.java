package dev.tenon.ws.conformance.matrix;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.zip.CRC32;

/** Tenon's end of a connection; records the messages of the peer. */
final class TenonEnd implements WebSocketListener {
    final EventLog eventLog = new EventLog();
    final CompletableFuture<WebSocket> opened = new CompletableFuture<>();

    /** Returns the event that this text causes. */
    static String eventOf(String text) {
        return "text " + (text.length() <= 100 ? text : text.length() + " " + text.hashCode());
    }

    /** Returns the event that this binary message causes. */
    static String eventOf(ByteBuffer data) {
        CRC32 sum = new CRC32();
        int length = data.remaining();
        sum.update(data.duplicate());
        return "binary " + length + " " + sum.getValue();
    }

    @Override
    public void onOpen(WebSocket webSocket) {
        opened.complete(webSocket);
    }

    @Override
    public void onText(WebSocket webSocket, String text) {
        eventLog.add(eventOf(text));
    }

    @Override
    public void onBinary(WebSocket webSocket, ByteBuffer data) {
        eventLog.add(eventOf(data));
    }

    @Override
    public void onPing(WebSocket webSocket, ByteBuffer payload) {
        eventLog.add("ping " + UTF_8.decode(payload));
    }

    @Override
    public void onPong(WebSocket webSocket, ByteBuffer payload) {
        eventLog.add("pong " + UTF_8.decode(payload));
    }

    @Override
    public void onClose(WebSocket webSocket, CloseEvent event) {
        eventLog.add(("closed " + event.code().value() + " " + event.reason()).strip() + ending(event));
    }

    private static String ending(CloseEvent event) {
        if (event.wasClean() || (event.cause() != null && !event.reason().isEmpty())) {
            return "";
        }
        return event.cause() == null ? " (unclean)" : " (" + event.cause() + ")";
    }
}
