package dev.tenon.ws.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.server.UpgradeResponse;
import io.netty.handler.codec.http3.DefaultHttp3Headers;
import io.netty.handler.codec.http3.Http3ErrorCode;
import io.netty.handler.codec.http3.Http3Headers;
import io.netty.handler.codec.quic.QuicStreamChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients of HTTP/3 that break RFC 9220, or leave at any place. */
@SuppressWarnings("FutureReturnValueIgnored") // the test sees the received frames, whatever the result of a write is
class Http3BadPeerTest {
    private static final String HI = "8182" + "00000000" + "6869";
    private static final String HI_BACK = "81026869";
    private static final String CLOSE = "8882" + "00000000" + "03e8";

    private final RecordingListener listener = new RecordingListener();
    private final CompletableFuture<UpgradeResponse> never = new CompletableFuture<>();
    private final CompletableFuture<Void> asked = new CompletableFuture<>();
    private final CompletableFuture<Void> cancelled = new CompletableFuture<>();
    private NettyServer server;
    private Http3Peer peer;

    @BeforeAll
    static void watchBuffers() {
        Leaks.watch();
    }

    @AfterAll
    static void noBufferIsLost() {
        Leaks.expectNone();
    }

    @BeforeEach
    void start() throws Exception {
        server = NettyServer.builder()
                .tls(ServerAndClient.certificate(), ServerAndClient.key())
                .loops(1)
                .routes(routes -> routes.extensions(Extensions.none())
                        .route("/", upgrade -> upgrade.accept(listener))
                        .route("/late", upgrade -> {
                            upgrade.whenCancelled().thenRun(() -> cancelled.complete(null));
                            asked.complete(null);
                            return never;
                        }))
                .start();
        peer = new Http3Peer(server.port());
    }

    @AfterEach
    void stop() {
        peer.close();
        server.stop(Duration.ZERO);
    }

    private QuicStreamChannel open() throws Exception {
        QuicStreamChannel stream = peer.open(Http3Peer.connect("/"));
        assertEquals("HEADERS 200", peer.next());
        return stream;
    }

    private void expectLife() throws Exception {
        QuicStreamChannel stream = open();
        peer.data(stream, HI);
        assertEquals("DATA " + HI_BACK, peer.next());
    }

    @Test
    void aGoodPeerIsEchoedAndToldOfTheEnd() throws Exception {
        QuicStreamChannel stream = open();
        peer.data(stream, HI);
        assertEquals("DATA " + HI_BACK, peer.next());
        peer.data(stream, CLOSE);
        assertEquals("DATA 880203e8", peer.next());
        assertEquals("END", peer.next());
        stream.shutdownOutput();
        assertTrue(listener.end().wasClean());
    }

    @Test
    void anotherProtocolIsNotImplemented() throws Exception {
        Http3Headers request = Http3Peer.connect("/");
        request.set(":protocol", "connect-udp");
        peer.open(request);
        assertEquals("HEADERS 501", peer.next());
    }

    @Test
    void aPathWithoutARouteIsNotFound() throws Exception {
        peer.open(Http3Peer.connect("/nowhere"));
        assertEquals("HEADERS 404", peer.next());
    }

    @Test
    void aResetIsToldAsWhatItIs() throws Exception {
        QuicStreamChannel stream = open();
        peer.data(stream, HI.substring(0, 6)); // in the middle of a frame
        stream.shutdown(Http3ErrorCode.H3_REQUEST_CANCELLED.code(), stream.newPromise());
        CloseEvent end = listener.end();
        assertEquals(CloseCode.ABNORMAL_CLOSURE, end.code());
        assertTrue(String.valueOf(end.cause()).contains("reset the stream"), () -> "told " + end);
    }

    @Test
    void theEndOfTheStreamWithoutACloseFrameIsNoReset() throws Exception {
        QuicStreamChannel stream = open();
        stream.shutdownOutput();
        CloseEvent end = listener.end();
        assertEquals(CloseCode.ABNORMAL_CLOSURE, end.code());
        assertFalse(String.valueOf(end.cause()).contains("reset"), () -> "told " + end);
    }

    @Test
    void trailersEndTheWebSocket() throws Exception {
        QuicStreamChannel stream = open();
        Http3Headers trailers = new DefaultHttp3Headers(false);
        trailers.add("x-more", "no");
        peer.headers(stream, trailers);
        assertEquals(CloseCode.ABNORMAL_CLOSURE, listener.end().code());
    }

    @Test
    void aResetBeforeTheDecisionCancelsTheExchange() throws Exception {
        QuicStreamChannel stream = peer.open(Http3Peer.connect("/late"));
        asked.get(60, TimeUnit.SECONDS); // a reset may overtake a request that is still on its way (RFC 9000 §3.2)
        stream.shutdown(Http3ErrorCode.H3_REQUEST_CANCELLED.code(), stream.newPromise());
        cancelled.get(60, TimeUnit.SECONDS);
        expectLife();
    }

    @Test
    void theEndOfTheConnectionEndsItsWebSockets() throws Exception {
        open();
        peer.leave();
        assertEquals(CloseCode.ABNORMAL_CLOSURE, listener.end().code());
    }
}
