package dev.tenon.ws.examples.hosts;

import dev.tenon.ws.connection.SendResult;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import java.nio.ByteBuffer;

/** Sends every message back, and asks for the next one when there is room for its answer. */
final class Echo implements WebSocketListener {
    @Override
    public long initialDemand() {
        return 1;
    }

    @Override
    public void onText(WebSocket webSocket, String text) {
        sent(webSocket, webSocket.sendText(text));
    }

    @Override
    public void onBinary(WebSocket webSocket, ByteBuffer data) {
        sent(webSocket, webSocket.sendBinary(data));
    }

    @Override
    public void onWritable(WebSocket webSocket) {
        webSocket.request(1);
    }

    private static void sent(WebSocket webSocket, SendResult result) {
        if (result == SendResult.QUEUED) { // otherwise onWritable follows, or the end
            webSocket.request(1);
        }
    }
}
