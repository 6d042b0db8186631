package dev.tenon.ws.examples.programs;

import static org.junit.jupiter.api.Assertions.*;

import dev.tenon.ws.handshake.*;
import dev.tenon.ws.server.*;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RoomsTest {
    @Test
    void whatIsSaidInARoomIsHeardThere() throws Exception {
        MemoryServer server = WebSocketServer.builder().routes(Chat::routes).startInMemory();
        MemoryClient ada = server.connect("/rooms/oak");
        MemoryClient bob = server.connect("/rooms/oak");
        ada.sendText("hello");
        assertEquals("hello", bob.receiveText());
    }

    @Test
    void onlyAMemberIsAccepted() throws Exception {
        Login.UserStore users = id -> CompletableFuture.completedFuture("7".equals(id) ? "Ada" : null);
        MemoryServer server = WebSocketServer.builder()
                .routes(all -> Login.routes(all, users))
                .startInMemory();
        assertThrows(HandshakeException.class, () -> server.connect("/chat"));
        assertEquals(
                "Hello, Ada",
                server.connect("/chat", Headers.of("Cookie", "sid=7")).receiveText());
    }
}
