package dev.tenon.ws.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.server.HostedRoutesBuilder;
import dev.tenon.ws.server.HttpHandler;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** RFC 9112 §9.3.2: requests that do not wait for the responses to the earlier ones. */
class PipelinedUpgradeTest extends BadPeerContract {
    private static final String SWITCHING = "HTTP/1.1 101 Switching Protocols";

    private final CompletableFuture<HttpResponse> slow = new CompletableFuture<>();
    private Http1Peer peer;

    @BeforeEach
    void connect() throws Exception {
        peer = new Http1Peer(server.port());
    }

    @Override
    void addRoutes(HostedRoutesBuilder routes) {
        routes.get("/plain", request -> HttpResponse.text(200, "ok")).get("/slow", HttpHandler.async(request -> slow));
    }

    @AfterEach
    void leave() throws Exception {
        peer.close();
    }

    /** Waits until the server has read what was sent before. */
    private void awaitReads() throws Exception {
        try (Http1Peer other = new Http1Peer(server.port())) {
            other.send("GET /plain HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
            assertEquals("HTTP/1.1 200 OK", other.head().get(0));
        }
    }

    @Test
    void anUpgradeAfterARequestIsAnsweredAfterItsResponse() throws Exception {
        peer.send("GET /slow HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" + Http1Peer.upgrade("/") + "\u0081\u0082\0\0\0\0hi");
        awaitReads();
        assertFalse(listener.opened.isDone());
        slow.complete(HttpResponse.text(200, "slow"));
        assertEquals("HTTP/1.1 200 OK", peer.head().get(0));
        assertEquals("slow", peer.text(4));
        assertEquals(SWITCHING, peer.head().get(0));
        assertEquals(HI_BACK, peer.hex(4));
    }

    @Test
    void anUpgradeInTheMiddleOfALongResponseIsAnsweredAfterIt() throws Exception {
        int length = 16 << 20; // more than sockets hold
        slow.complete(HttpResponse.text(200, "x".repeat(length)));
        peer.send("GET /slow HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
        assertEquals("HTTP/1.1 200 OK", peer.head().get(0));
        peer.send(Http1Peer.upgrade("/") + "\u0081\u0082\0\0\0\0hi");
        awaitReads();
        assertEquals(length, peer.text(length).length());
        assertEquals(SWITCHING, peer.head().get(0));
        assertEquals(HI_BACK, peer.hex(4));
    }

    @Test
    void manyRequestsWithoutWaitingEndTheConnection() throws Exception {
        peer.send("GET /slow HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".repeat(100));
        assertTrue(peer.isEnded());
    }
}
