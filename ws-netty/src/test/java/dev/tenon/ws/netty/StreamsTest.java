package dev.tenon.ws.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.handshake.HttpVersion;
import dev.tenon.ws.server.HostedRoutes;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.quic.QuicStreamChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Several WebSockets in the streams of one connection, and how clients open them. */
@ExtendWith(Leaks.class)
class StreamsTest {
    private static final String HI = "8182" + "00000000" + "6869";
    private static final String HI_BACK = "81026869";
    private static final int LENGTH = 300_000;
    /** More than a stream's window and the bytes that are read ahead. */
    private static final String LONG = "82ff" + "%016x".formatted(LENGTH) + "00000000" + "00".repeat(LENGTH);

    private final RecordingListener listener = new RecordingListener();
    private final RecordingListener stalled = new RecordingListener(0);
    private NettyServer server;

    @BeforeEach
    void start() throws IOException {
        server = NettyServer.builder()
                .loops(1)
                .tls(ServerAndClient.certificate(), ServerAndClient.key())
                .routes(routes -> routes.extensions(Extensions.none())
                        .route("/", upgrade -> upgrade.accept(listener))
                        .route("/stalled", upgrade -> upgrade.accept(stalled))
                        .route(
                                "/source",
                                upgrade -> upgrade.accept(new WebSocketListener() {
                                    @Override
                                    public void onOpen(WebSocket webSocket) {
                                        webSocket.sendBinary(ByteBuffer.allocate(LENGTH));
                                    }
                                }))
                        .get("/plain", request -> HttpResponse.text(200, "ok")))
                .start();
    }

    @AfterEach
    void stop() {
        server.stop(Duration.ZERO);
    }

    /** A server without TLS, for {@link Http2Peer}. */
    private NettyServer clear() throws IOException {
        return NettyServer.builder()
                .loops(1)
                .routes(routes -> routes.extensions(Extensions.none())
                        .route("/", upgrade -> upgrade.accept(listener))
                        .route("/stalled", upgrade -> upgrade.accept(stalled))
                        .route(
                                "/source",
                                upgrade -> upgrade.accept(new WebSocketListener() {
                                    @Override
                                    public void onOpen(WebSocket webSocket) {
                                        webSocket.sendBinary(ByteBuffer.allocate(LENGTH));
                                    }
                                })))
                .start();
    }

    @Test
    void aListenerThatReadsNothingStopsItsStreamOfHttp2AndNoOther() throws Exception {
        try (NettyServer clear = clear();
                Http2Peer peer = new Http2Peer(clear.port())) {
            peer.expectAnnouncement();
            Http2FrameStream first = peer.open(Http2Peer.connect("/stalled"), false);
            assertEquals("HEADERS 200", peer.next());
            Http2FrameStream second = peer.open(Http2Peer.connect("/"), false);
            assertEquals("HEADERS 200", peer.next());
            peer.data(first, LONG, false);
            for (int i = 0; i < 3; i++) {
                peer.data(second, HI, false);
                assertEquals("DATA " + HI_BACK, peer.next());
            }
            assertEquals(0, stalled.bytes.get());
            stalled.opened.get(60, TimeUnit.SECONDS).request(1);
            peer.data(first, HI, false); // after the waiting bytes
            stalled.opened.get(60, TimeUnit.SECONDS).request(1);
            assertEquals("DATA " + HI_BACK, peer.next());
            assertEquals(LENGTH, stalled.bytes.get());
        }
    }

    @Test
    void aPeerThatReadsNothingStopsItsStreamOfHttp2AndNoOther() throws Exception {
        try (NettyServer clear = clear();
                Http2Peer peer = new Http2Peer(clear.port())) {
            peer.enlargeWindow().expectAnnouncement();
            peer.open(Http2Peer.connect("/source"), false); // its window is not enlarged
            assertEquals("HEADERS 200", peer.next());
            Http2FrameStream second = peer.open(Http2Peer.connect("/"), false);
            peer.data(second, HI, false);
            int received = 0;
            for (String event = peer.next(); !event.equals("DATA " + HI_BACK); event = peer.next()) {
                received += event.startsWith("DATA ") ? (event.length() - 5) / 2 : 0;
            }
            assertTrue(received <= 65_535, () -> "beyond the window");
        }
    }

    @Test
    void aListenerThatReadsNothingStopsItsStreamOfHttp3AndNoOther() throws Exception {
        Http3Peer peer = new Http3Peer(server.port());
        try {
            QuicStreamChannel first = peer.open(Http3Peer.connect("/stalled"));
            assertEquals("HEADERS 200", peer.next());
            QuicStreamChannel second = peer.open(Http3Peer.connect("/"));
            assertEquals("HEADERS 200", peer.next());
            peer.data(first, LONG);
            for (int i = 0; i < 3; i++) {
                peer.data(second, HI);
                assertEquals("DATA " + HI_BACK, peer.next());
            }
            assertEquals(0, stalled.bytes.get());
            stalled.opened.get(60, TimeUnit.SECONDS).request(2);
            peer.data(first, HI); // after the waiting bytes
            assertEquals("DATA " + HI_BACK, peer.next());
            assertEquals(LENGTH, stalled.bytes.get());
        } finally {
            peer.close();
        }
    }

    @Test
    void aPeerThatReadsNothingStopsItsStreamOfHttp3AndNoOther() throws Exception {
        Http3Peer peer = new Http3Peer(server.port());
        try {
            peer.open(Http3Peer.connect("/source")).config().setAutoRead(false);
            QuicStreamChannel second = peer.open(Http3Peer.connect("/"));
            peer.data(second, HI);
            String event;
            do {
                event = peer.next();
            } while (!event.equals("DATA " + HI_BACK));
            assertEquals("DATA " + HI_BACK, event);
        } finally {
            peer.close();
        }
    }

    @Test
    void aGoAwayOfTheClientLeavesItsWebSocketOpen() throws Exception {
        try (NettyServer clear = clear();
                Http2Peer peer = new Http2Peer(clear.port())) {
            peer.expectAnnouncement();
            Http2FrameStream stream = peer.open(Http2Peer.connect("/"), false);
            assertEquals("HEADERS 200", peer.next());
            peer.goAway();
            peer.data(stream, HI, false);
            assertEquals("DATA " + HI_BACK, peer.next());
        }
    }

    @Test
    void aGoAwayOfTheServerLeavesTheWebSocketOfItsClientOpen() throws Exception {
        HostedRoutes routes = HostedRoutes.builder()
                .route("/", upgrade -> upgrade.accept(listener))
                .build();
        try (ForeignServer foreign = new ForeignServer(
                        accepted -> ExtendedConnect.addHttp2(accepted, () -> new WebSocketHandler(routes)));
                NettyClient client =
                        NettyClient.builder().version(HttpVersion.HTTP_2).build()) {
            RecordingListener echo = new RecordingListener();
            WebSocket webSocket = client.connect("ws://127.0.0.1:" + foreign.port() + "/", echo)
                    .get(60, TimeUnit.SECONDS);
            foreign.connection()
                    .writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR))
                    .sync();
            webSocket.sendText("on");
            assertEquals("on", listener.text.get(60, TimeUnit.SECONDS));
            webSocket.close();
            assertTrue(echo.end().wasClean());
        }
    }

    @Test
    void theResponseNamesThePortOfHttp3() throws Exception {
        String response = getOverTls("/plain");
        Matcher altSvc =
                Pattern.compile("(?i)\r\nalt-svc: h3=\":(\\d+)\"; ma=\\d+\r\n").matcher(response);
        assertTrue(altSvc.find(), response);
        Http3Peer peer = new Http3Peer(Integer.parseInt(altSvc.group(1)));
        try {
            QuicStreamChannel stream = peer.open(Http3Peer.connect("/"));
            assertEquals("HEADERS 200", peer.next());
            peer.data(stream, HI);
            assertEquals("DATA " + HI_BACK, peer.next());
        } finally {
            peer.close();
        }
    }

    private String getOverTls(String path) throws Exception {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        try (var file = Files.newInputStream(ServerAndClient.certificate())) {
            trusted.setCertificateEntry(
                    "server", CertificateFactory.getInstance("X.509").generateCertificate(file));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", server.port())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }
}
