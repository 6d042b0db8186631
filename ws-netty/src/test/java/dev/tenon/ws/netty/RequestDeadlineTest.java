package dev.tenon.ws.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.server.HostedRoutesBuilder;
import dev.tenon.ws.server.HttpHandler;
import io.netty.channel.ChannelPipeline;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The timeout of requests of HTTP/1.1 ends no response, no request that has arrived, and no WebSocket. */
class RequestDeadlineTest extends BadPeerContract {
    private static final String GET = "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
    /** More characters than the buffers of two sockets hold. */
    private static final int LONG = 32 << 20;

    private final CompletableFuture<HttpResponse> slow = new CompletableFuture<>();
    private final CompletableFuture<HttpResponse> slower = new CompletableFuture<>();
    private final CompletableFuture<Set<String>> handlers = new CompletableFuture<>();
    private Http1Peer peer;

    @Override
    NettyServerBuilder configured() throws IOException {
        return super.configured().requestTimeout(Duration.ofMillis(200));
    }

    @Override
    void addRoutes(HostedRoutesBuilder routes) {
        routes.get("/long", request -> HttpResponse.text(200, "x".repeat(LONG)))
                .get("/slow", HttpHandler.async(request -> slow))
                .get("/slower", HttpHandler.async(request -> slower))
                .route("/handlers", upgrade -> upgrade.accept(FrameHandlers.of(this::list)));
    }

    private void list(ChannelPipeline pipeline) {
        handlers.complete(pipeline.toMap().values().stream()
                .map(handler -> handler.getClass().getSimpleName())
                .collect(Collectors.toSet()));
    }

    @BeforeEach
    void connect() throws Exception {
        peer = new Http1Peer(server.port());
    }

    @AfterEach
    void leave() throws Exception {
        peer.close();
    }

    /** Returns when the timeout of all requests so far is over. */
    private void awaitTimeout() throws Exception {
        try (Http1Peer idle = new Http1Peer(server.port())) {
            idle.send("GET");
            assertTrue(idle.isEnded());
        }
    }

    private void expect(String body) throws Exception {
        assertEquals("HTTP/1.1 200 OK", peer.head().get(0));
        assertEquals(body, peer.text(body.length()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "P", "PRI * HTTP/2.0\r\n", "G"})
    void aConnectionThatSendsNoRequestEnds(String begin) throws Exception {
        peer.send(begin);
        assertTrue(peer.isEnded());
    }

    @Test
    void aClientThatReadsSlowlyGetsTheWholeResponse() throws Exception {
        peer.send(GET.formatted("/long"));
        awaitTimeout();
        assertEquals("HTTP/1.1 200 OK", peer.head().get(0));
        assertEquals(LONG, peer.text(LONG).length());
        assertTrue(peer.isEnded(), "the timeout begins when the response has left");
    }

    @Test
    void aPipelinedRequestIsAnsweredAfterTheTimeout() throws Exception {
        peer.send(GET.formatted("/slow") + GET.formatted("/slower"));
        awaitTimeout();
        slow.complete(HttpResponse.text(200, "slow"));
        expect("slow");
        awaitTimeout();
        slower.complete(HttpResponse.text(200, "slower"));
        expect("slower");
        assertTrue(peer.isEnded());
    }

    @Test
    void aWebSocketBehindAnotherRequestOutlivesTheTimeout() throws Exception {
        peer.send(GET.formatted("/slow") + Http1Peer.upgrade("/"));
        awaitTimeout();
        slow.complete(HttpResponse.text(200, "slow"));
        expect("slow");
        assertEquals("HTTP/1.1 101 Switching Protocols", peer.head().get(0));
        awaitTimeout();
        peer.sendHex(HI);
        assertEquals(HI_BACK, peer.hex(4));
        assertFalse(listener.closed.isDone());
    }

    @Test
    void aWebSocketKeepsNoHandlerOfPlainRequests() throws Exception {
        peer.send(GET.formatted("/slow") + Http1Peer.upgrade("/handlers"));
        slow.complete(HttpResponse.text(200, "slow"));
        expect("slow");
        assertEquals(Set.of("Http1Carrier", "FrameBridge"), handlers.get(60, TimeUnit.SECONDS));
    }
}
