package dev.tenon.ws.examples.hosts;

import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import java.nio.ByteBuffer;

/** Sends every message back, and asks for the next one when there is room for its response. */
final class Echo implements WebSocketListener {
    @Override
    public long initialDemand() {
        return 1;
    }

    @Override
    public void onText(WebSocket webSocket, String text) {
        webSocket.sendText(text);
        askIfWritable(webSocket);
    }

    @Override
    public void onBinary(WebSocket webSocket, ByteBuffer data) {
        webSocket.sendBinary(data);
        askIfWritable(webSocket);
    }

    @Override
    public void onWritable(WebSocket webSocket) {
        webSocket.request(1);
    }

    private static void askIfWritable(WebSocket webSocket) {
        if (webSocket.isWritable()) { // otherwise onWritable follows, or the end
            webSocket.request(1);
        }
    }
}
