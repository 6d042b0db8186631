package dev.tenon.ws.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.extension.Extensions;
import io.netty.handler.codec.http2.Http2FrameStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Vert.x, issue 3714: a peer that sends a Close frame and reads nothing must not keep its connection. */
@ExtendWith(Leaks.class)
class SilentReaderTest {
    private static final String CLOSE = "8882" + "00000000" + "03e8";
    private static final int MORE_THAN_SOCKETS_HOLD = 64 << 20;
    private static final Duration LONG = Duration.ofSeconds(60);

    private final CompletableFuture<CloseEvent> closed = new CompletableFuture<>();
    private NettyServer server;

    @BeforeEach
    void start() throws Exception {
        ConnectionOptions options = ConnectionOptions.DEFAULT
                .withOutbound(1, 2L * MORE_THAN_SOCKETS_HOLD)
                .withCloseTimeout(Duration.ofMillis(300));
        server = NettyServer.builder()
                .loops(1)
                .routes(routes -> routes.extensions(Extensions.none())
                        .route(
                                "/",
                                upgrade -> upgrade.accept(new WebSocketListener() {
                                    @Override
                                    public void onOpen(WebSocket webSocket) {
                                        webSocket.sendBinary(ByteBuffer.allocate(MORE_THAN_SOCKETS_HOLD));
                                    }

                                    @Override
                                    public void onClose(WebSocket webSocket, CloseEvent event) {
                                        closed.complete(event);
                                    }
                                }),
                                route -> route.options(defaults -> options)))
                .start();
    }

    @AfterEach
    void stop() {
        server.stop(Duration.ZERO);
    }

    /** The connection has ended, so that a stop has nothing to wait for. */
    private void expectEnd() throws Exception {
        closed.get(60, TimeUnit.SECONDS);
        long begin = System.nanoTime();
        server.stop(LONG);
        assertTrue(System.nanoTime() - begin < LONG.toNanos() / 2, "the connection is left");
    }

    @Test
    void overHttp1() throws Exception {
        try (Http1Peer peer = new Http1Peer(server.port())) {
            peer.send(Http1Peer.upgrade("/"));
            peer.head();
            peer.sendHex(CLOSE);
            expectEnd();
        }
    }

    @Test
    void overHttp2() throws Exception {
        try (Http2Peer peer = new Http2Peer(server.port()).expectAnnouncement()) {
            Http2FrameStream stream = peer.open(Http2Peer.connect("/"), false);
            assertEquals("HEADERS 200", peer.next());
            peer.data(stream, CLOSE, false);
            String event;
            do {
                event = peer.next();
            } while (event.startsWith("DATA "));
            assertEquals("RST_STREAM CANCEL", event);
            expectEnd();
        }
    }
}
