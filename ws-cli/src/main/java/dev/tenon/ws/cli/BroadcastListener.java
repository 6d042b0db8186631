package dev.tenon.ws.cli;

import dev.tenon.ws.connection.SendResult;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.topics.Topic;
import java.nio.ByteBuffer;

/**
 * Publishes received messages to a topic. A connection that sends faster than the topic delivers is closed with 1013.
 */
record BroadcastListener(Topic topic) implements WebSocketListener {
    @Override
    public void onOpen(WebSocket webSocket) {
        topic.subscribe(webSocket);
    }

    @Override
    public void onText(WebSocket webSocket, String text) {
        published(webSocket, topic.publishText(text));
    }

    @Override
    public void onBinary(WebSocket webSocket, ByteBuffer data) {
        published(webSocket, topic.publishBinary(data));
    }

    private static void published(WebSocket webSocket, SendResult result) {
        if (result == SendResult.REFUSED) {
            webSocket.close(CloseCode.TRY_AGAIN_LATER, "messages come faster than they can be delivered");
        }
    }
}
