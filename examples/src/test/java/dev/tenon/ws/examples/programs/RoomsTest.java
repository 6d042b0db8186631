package dev.tenon.ws.examples.programs;

import static org.junit.jupiter.api.Assertions.*;

import dev.tenon.ws.handshake.*;
import dev.tenon.ws.server.*;
import org.junit.jupiter.api.Test;

class RoomsTest {
    @Test
    void aMessageReachesItsRoom() throws Exception {
        MemoryServer server = WebSocketServer.builder().routes(Chat::routes).startInMemory();
        MemoryClient bob = server.connect("/rooms/oak");
        server.connect("/rooms/oak").sendText("hello");
        assertEquals("hello", bob.receiveText());
    }

    @Test
    void onlyAMemberIsAccepted() throws Exception {
        WebSocketServerBuilder all = WebSocketServer.builder();
        Login.routes(all, id -> java.util.concurrent.CompletableFuture.completedFuture("7".equals(id) ? "Ada" : null));
        MemoryServer server = all.startInMemory();
        assertThrows(HandshakeException.class, () -> server.connect("/chat"));
        MemoryClient ada = server.connect("/chat", Headers.of("Cookie", "sid=7"));
        assertEquals("Hello, Ada", ada.receiveText());
    }
}
