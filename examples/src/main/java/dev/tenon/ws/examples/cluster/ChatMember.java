package dev.tenon.ws.examples.cluster;

import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.topics.ClusterTopics;
import dev.tenon.ws.topics.KeyedMessage;
import dev.tenon.ws.topics.Position;
import dev.tenon.ws.topics.Presence;
import org.jspecify.annotations.Nullable;

/**
 * One connection in a room. A client sends {@code KEY TEXT} with a key that it makes up, and keeps the message until the
 * room sends it back. If it reconnects before, it sends the message again: with the same key it is the same message.
 *
 * @param rooms the rooms of all processes
 * @param presence who is in them
 * @param room the name of the room
 * @param name the name of the user
 * @param after the position of the last message that the client has, or null for none
 */
record ChatMember(
        ClusterTopics rooms,
        Presence presence,
        String room,
        String name,
        @Nullable Position after) implements WebSocketListener {
    @Override
    public void onOpen(WebSocket webSocket) {
        presence.enterWhileOpen(room, name, webSocket);
        if (after == null) {
            rooms.subscribe(room, webSocket);
        } else {
            rooms.resume(room, webSocket, after);
        }
    }

    @Override
    public void onText(WebSocket webSocket, String text) {
        int space = text.indexOf(' ');
        if (space < 1) {
            webSocket.close(CloseCode.POLICY_VIOLATION, "a message is a key, a space and a text");
            return;
        }
        rooms.publish(room, KeyedMessage.text(text.substring(0, space), text.substring(space + 1)))
                .exceptionally(
                        failure -> { // NATS is not reachable: the client reconnects, and sends the message again
                            webSocket.close(CloseCode.TRY_AGAIN_LATER, "");
                            return null;
                        });
    }
}
