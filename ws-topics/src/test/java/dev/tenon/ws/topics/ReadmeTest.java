package dev.tenon.ws.topics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tenon.ws.connection.PreparedMessage;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The example of README.md, word for word. */
class ReadmeTest {
    record Member(Topics rooms, String room) implements WebSocketListener {
        @Override
        public void onOpen(WebSocket webSocket) {
            rooms.subscribe(room, webSocket);
        }

        @Override
        public void onText(WebSocket webSocket, String text) {
            rooms.publishExcept(room, PreparedMessage.text(text), webSocket);
        }
    }

    @Test
    void theOthersInTheRoomGetTheText() {
        Topics rooms = Topics.of(SlowSubscriber.CLOSE);
        ManualLoop loop = new ManualLoop();
        FakeConnection speaker = new FakeConnection(loop);
        FakeConnection listener = new FakeConnection(loop);
        FakeConnection elsewhere = new FakeConnection(loop);
        new Member(rooms, "oak").onOpen(speaker.webSocket);
        new Member(rooms, "oak").onOpen(listener.webSocket);
        new Member(rooms, "elm").onOpen(elsewhere.webSocket);
        new Member(rooms, "oak").onText(speaker.webSocket, "hello");
        loop.drain();
        assertEquals(List.of("hello"), listener.received);
        assertEquals(List.of(), speaker.received);
        assertEquals(List.of(), elsewhere.received);
    }
}
