package dev.tenon.ws.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.handshake.HttpVersion;
import dev.tenon.ws.server.HttpHandler;
import dev.tenon.ws.server.UpgradeExchange;
import dev.tenon.ws.server.UpgradeResponse;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http3.DefaultHttp3Headers;
import io.netty.handler.codec.quic.QuicStreamChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How a server stops, over each version of HTTP. */
@ExtendWith(Leaks.class)
class NettyServerStopTest {
    /** Close frames with 1001: of a server, and of a client, masked with zeros. */
    private static final String GOING_AWAY = "880203e9";

    private static final String GOING_AWAY_BACK = "8882" + "00000000" + "03e9";
    private static final String HI = "8182" + "00000000" + "6869";
    private static final Duration LONG = Duration.ofSeconds(60);

    private final RecordingListener listener = new RecordingListener();
    private final CompletableFuture<HttpResponse> slow = new CompletableFuture<>();
    private final CompletableFuture<UpgradeExchange> late = new CompletableFuture<>();
    private final CompletableFuture<UpgradeResponse> decision = new CompletableFuture<>();
    private NettyServer server;
    private @Nullable CompletableFuture<Void> stopped;

    @BeforeEach
    void start() throws Exception {
        server = server(false);
    }

    private NettyServer server(boolean secure) throws Exception {
        NettyServerBuilder builder = NettyServer.builder()
                .loops(2)
                .routes(routes -> routes.extensions(Extensions.none())
                        .route("/", upgrade -> upgrade.accept(listener))
                        .route("/late", upgrade -> {
                            late.complete(upgrade);
                            return decision;
                        })
                        .get("/plain", request -> HttpResponse.text(200, "ok"))
                        .post("/slow", HttpHandler.async(request -> slow)));
        return secure
                ? builder.tls(ServerAndClient.certificate(), ServerAndClient.key())
                        .start()
                : builder.start();
    }

    private void stopIn(Duration deadline) {
        stopped = CompletableFuture.runAsync(() -> server.stop(deadline));
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        if (stopped == null) {
            server.close();
        } else {
            stopped.get(60, TimeUnit.SECONDS);
        }
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("tenon-netty-server")) {
                thread.join(10_000); // the thread has announced its end
                assertFalse(thread.isAlive(), thread::getName);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = HttpVersion.class, names = "HTTP_1_0", mode = EnumSource.Mode.EXCLUDE)
    void aWebSocketIsClosedWith1001AndTheDeadlineIsNotWaitedFor(HttpVersion version) throws Exception {
        RecordingListener client = new RecordingListener();
        try (ServerAndClient ends =
                ServerAndClient.start(version, routes -> routes.route("/", upgrade -> upgrade.accept(listener)))) {
            ends.client().connect(ends.uri("/"), client).get(60, TimeUnit.SECONDS);
            long begin = System.nanoTime();
            ends.server().stop(LONG);
            assertTrue(System.nanoTime() - begin < LONG.toNanos() / 2, "the deadline was waited for");
            for (CloseEvent end : List.of(client.end(), listener.end())) {
                assertEquals(CloseCode.GOING_AWAY, end.code());
                assertTrue(end.wasClean(), () -> "told " + end);
            }
            if (version != HttpVersion.HTTP_3) { // a client of other versions waits for an answer
                CompletableFuture<WebSocket> late = ends.client().connect(ends.uri("/"), client);
                assertThrows(ExecutionException.class, () -> late.get(60, TimeUnit.SECONDS));
            }
        }
    }

    @Test
    void aPeerOfHttp1ThatDoesNotAnswerIsAbortedAtTheDeadline() throws Exception {
        try (Http1Peer peer = new Http1Peer(server.port())) {
            peer.send(Http1Peer.upgrade("/"));
            peer.head();
            stopIn(Duration.ofMillis(300));
            assertEquals(GOING_AWAY, peer.hex(4));
            assertTrue(peer.isEnded());
            assertEquals(CloseCode.ABNORMAL_CLOSURE, listener.end().code());
        }
    }

    @Test
    void aPeerOfHttp2ThatDoesNotAnswerIsAbortedAtTheDeadline() throws Exception {
        Http2Peer peer = new Http2Peer(server.port()).expectAnnouncement();
        try {
            peer.open(Http2Peer.connect("/"), false);
            assertEquals("HEADERS 200", peer.next());
            stopIn(Duration.ofMillis(300));
            String event;
            do {
                event = peer.next();
            } while (event.startsWith("GOAWAY ") || event.equals("DATA " + GOING_AWAY));
            assertTrue(event.equals("CLOSED") || event.startsWith("RST_STREAM "), event);
            assertEquals(CloseCode.ABNORMAL_CLOSURE, listener.end().code());
        } finally {
            peer.close();
        }
    }

    @Test
    void anIdleConnectionEndsAndARequestUnderWayIsAnswered() throws Exception {
        try (Http1Peer silent = new Http1Peer(server.port());
                Http1Peer idle = new Http1Peer(server.port());
                Http1Peer busy = new Http1Peer(server.port())) {
            idle.send("GET /plain HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
            idle.head();
            assertEquals("ok", idle.text(2));
            busy.send("POST /slow HTTP/1.1\r\nHost: 127.0.0.1\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n");
            assertEquals("HTTP/1.1 100 Continue", busy.head().get(0));
            busy.send("x");
            stopIn(LONG);
            assertTrue(idle.isEnded());
            assertTrue(silent.isEnded());
            slow.complete(HttpResponse.text(200, "slow"));
            List<String> head = busy.head();
            assertEquals("HTTP/1.1 200 OK", head.get(0));
            assertTrue(head.stream().anyMatch("connection: close"::equalsIgnoreCase), () -> "told " + head);
            assertEquals("slow", busy.text(4));
            assertTrue(busy.isEnded());
        }
    }

    @Test
    void anUpgradeThatIsAcceptedMeanwhileIsClosedAtOnce() throws Exception {
        try (Http1Peer idle = new Http1Peer(server.port());
                Http1Peer peer = new Http1Peer(server.port())) {
            peer.send(Http1Peer.upgrade("/late"));
            UpgradeExchange exchange = late.get(60, TimeUnit.SECONDS);
            stopIn(LONG);
            assertTrue(idle.isEnded()); // the server stops
            decision.complete(exchange.accept(listener));
            assertEquals("HTTP/1.1 101 Switching Protocols", peer.head().get(0));
            assertEquals(GOING_AWAY, peer.hex(4));
            peer.sendHex(GOING_AWAY_BACK);
            assertTrue(peer.isEnded());
        }
    }

    @Test
    void http2AsksForNoMoreStreamsAndServesThoseThatAreOpen() throws Exception {
        Http2Peer peer = new Http2Peer(server.port()).expectAnnouncement();
        try {
            Http2FrameStream stream = peer.open(Http2Peer.connect("/"), false);
            assertEquals("HEADERS 200", peer.next());
            stopIn(LONG);
            List<String> events = List.of(peer.next(), peer.next(), peer.next());
            assertTrue(events.contains("DATA " + GOING_AWAY), () -> "told " + events);
            assertTrue(events.indexOf("GOAWAY 2147483647") < events.indexOf("GOAWAY 3"), () -> "told " + events);
            peer.data(stream, HI + GOING_AWAY_BACK, true);
            assertEquals("DATA  END_STREAM", peer.next());
            assertEquals("hi", listener.text.get(60, TimeUnit.SECONDS));
            assertTrue(listener.end().wasClean());
            assertEquals("CLOSED", peer.next());
        } finally {
            peer.close();
        }
    }

    @Test
    void http2RefusesAStreamBehindTheLast() throws Exception {
        Http2Peer peer = new Http2Peer(server.port()).expectAnnouncement();
        try {
            peer.open(Http2Peer.connect("/"), false);
            assertEquals("HEADERS 200", peer.next());
            stopIn(LONG);
            List<String> events = List.of(peer.next(), peer.next(), peer.next());
            assertTrue(events.contains("GOAWAY 3"), () -> "told " + events);
            peer.frame(1, 5, 5, "8286" + "04062f706c61696e" + "01093132372e302e302e31"); // GET /plain
            String event = peer.next(); // the codec has not opened that stream
            assertTrue(event.contains("inbound frame RST_STREAM"), event);
        } finally {
            peer.close();
        }
    }

    @Test
    void http3NamesTheFirstRequestThatItRejects() throws Exception {
        server.close();
        server = server(true);
        Http3Peer peer = new Http3Peer(server.port());
        try {
            QuicStreamChannel stream = peer.open(Http3Peer.connect("/"));
            assertEquals("HEADERS 200", peer.next());
            stopIn(LONG);
            List<String> events = List.of(peer.next(), peer.next());
            assertTrue(events.containsAll(List.of("DATA " + GOING_AWAY, "GOAWAY 4")), () -> "told " + events);
            peer.openRaw();
            assertEquals("RESET H3_REQUEST_REJECTED", peer.next());
            peer.data(stream, HI + GOING_AWAY_BACK);
            stream.shutdownOutput().sync();
            assertEquals("hi", listener.text.get(60, TimeUnit.SECONDS));
            assertTrue(listener.end().wasClean());
            peer.awaitEnd();
        } finally {
            peer.close();
        }
    }

    @Test
    void aStreamOfHttp3WhoseHeadArrivesMeanwhileIsClosedAtOnce() throws Exception {
        server.close();
        server = server(true);
        Http3Peer peer = new Http3Peer(server.port());
        try {
            String head = Http3BadPeerTest.connectFrame("/");
            QuicStreamChannel stream = peer.newStream();
            peer.raw(stream, head.substring(0, 20));
            peer.open(new DefaultHttp3Headers(false)
                            .method("GET")
                            .path("/plain")
                            .scheme("https")
                            .authority("127.0.0.1"))
                    .shutdownOutput()
                    .sync();
            assertEquals("HEADERS 200", peer.next()); // so the server has read the bytes before
            while (!peer.next().equals("END")) {}
            stopIn(LONG);
            assertEquals("GOAWAY 8", peer.next());
            peer.raw(stream, head.substring(20));
            assertEquals("HEADERS 200", peer.next());
            assertEquals("DATA " + GOING_AWAY, peer.next());
            peer.raw(stream, "0008" + GOING_AWAY_BACK);
            stream.shutdownOutput().sync();
            assertTrue(listener.end().wasClean());
            peer.awaitEnd();
        } finally {
            peer.close();
        }
    }

    @Test
    void aSecondStopDoesNothing() {
        server.stop(Duration.ofSeconds(5));
        server.stop(Duration.ofSeconds(5));
        server.close();
    }
}
