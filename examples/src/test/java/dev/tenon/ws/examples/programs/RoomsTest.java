package dev.tenon.ws.examples.programs;

import static org.junit.jupiter.api.Assertions.*;

import dev.tenon.ws.handshake.HandshakeException;
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
    void aStrangerIsRefused() throws Exception {
        Login.UserStore nobody = id -> CompletableFuture.completedFuture(null);
        MemoryServer server = WebSocketServer.builder().routes(s -> Login.routes(s, nobody)).startInMemory();
        assertEquals(401, assertThrows(HandshakeException.class, () -> server.connect("/chat")).status());
    }
}
