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
        WebSocketServerBuilder server = WebSocketServer.builder();
        Login.routes(server, id -> CompletableFuture.completedFuture(null));
        MemoryServer running = server.startInMemory();
        assertThrows(HandshakeException.class, () -> running.connect("/chat"));
    }
}
