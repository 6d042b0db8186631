package dev.tenon.ws.netty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.handshake.HttpVersion;
import dev.tenon.ws.server.RouteMetrics;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http3.DefaultHttp3Headers;
import io.netty.handler.codec.http3.Http3Headers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files, readiness and metrics of routes in Netty. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RoutesOfNettyTest {
    private static final String LONG = "0123456789abcdef".repeat(10_000);
    private static final String SHORT = LONG.substring(0, 40_000);

    @TempDir
    Path folder;

    private NettyServer server;

    @BeforeEach
    void start() throws IOException {
        Files.writeString(folder.resolve("long.txt"), LONG);
        Files.writeString(folder.resolve("short.txt"), SHORT);
        server = server(NettyServer.builder());
    }

    private NettyServer server(NettyServerBuilder builder) throws IOException {
        return builder.loops(1)
                .routes(routes -> routes.extensions(Extensions.none())
                        .files("/web", folder)
                        .readiness("/ready")
                        .route("/web/ws", upgrade -> upgrade.accept(new Echo()))
                        .route("/ws", upgrade -> upgrade.accept(new Echo())))
                .start();
    }

    private static final class Echo implements WebSocketListener {
        @Override
        public void onText(WebSocket webSocket, String text) {
            webSocket.sendText(text);
        }
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** Sends requests in one write, of which the last one ends the connection, and reads all responses. */
    private String http1(String... requests) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(60_000);
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < requests.length; i++) {
                all.append(requests[i]).append(" HTTP/1.1\r\nHost: localhost\r\n");
                all.append(i == requests.length - 1 ? "Connection: close\r\n\r\n" : "\r\n");
            }
            socket.getOutputStream().write(all.toString().getBytes(ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }

    @Test
    void aFileLeavesPieceByPieceOverHttp1() throws IOException {
        String response = http1("GET /web/long.txt");
        assertTrue(response.startsWith("HTTP/1.1 200 OK\r\n"), response.substring(0, 100));
        String head = response.substring(0, response.indexOf("\r\n\r\n"));
        assertTrue(head.toLowerCase(Locale.ROOT).contains("content-length: " + LONG.length()), head);
        assertEquals(LONG, response.substring(head.length() + 4));
    }

    @Test
    void responsesToPipelinedRequestsKeepTheirOrder() throws IOException {
        String responses = http1("GET /web/long.txt", "HEAD /web/long.txt", "GET /ready", "GET /web/short.txt");
        String[] parts = responses.split("HTTP/1.1 200 OK\r\n", -1);
        assertEquals(5, parts.length);
        assertTrue(parts[1].endsWith("\r\n\r\n" + LONG));
        assertTrue(parts[2].endsWith("\r\n\r\n"), parts[2]);
        assertTrue(parts[3].endsWith("\r\n\r\nready\n"), parts[3]);
        assertTrue(parts[4].endsWith("\r\n\r\n" + SHORT));
    }

    @Test
    void aClientThatLeavesInTheMiddleOfAFileEndsItsConnectionOnly() throws Exception {
        for (int i = 0; i < 5; i++) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                socket.setSoLinger(true, 0);
                socket.getOutputStream()
                        .write("GET /web/long.txt HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(ISO_8859_1));
                assertEquals('H', socket.getInputStream().read());
            }
        }
        assertTrue(http1("GET /web/short.txt").endsWith(SHORT));
    }

    @Test
    void aFileLeavesOverHttp2() throws Exception {
        try (Http2Peer peer = new Http2Peer(server.port()).expectAnnouncement()) {
            Http2Headers request = new DefaultHttp2Headers(false);
            request.method("GET").path("/web/short.txt").scheme("http").authority("127.0.0.1");
            peer.open(request, true);
            assertEquals("HEADERS 200", peer.next());
            StringBuilder hex = new StringBuilder();
            String event = "";
            while (!event.endsWith(" END_STREAM")) {
                event = peer.next();
                assertTrue(event.startsWith("DATA "), event);
                hex.append(event.substring(5).replace(" END_STREAM", ""));
            }
            assertEquals(SHORT, new String(HexFormat.of().parseHex(hex), ISO_8859_1));
        }
    }

    @Test
    void aFileLeavesOverHttp3() throws Exception {
        try (NettyServer quic =
                        server(NettyServer.builder().tls(ServerAndClient.certificate(), ServerAndClient.key()));
                Http3Peer peer = new Http3Peer(quic.port())) {
            Http3Headers request = new DefaultHttp3Headers(false);
            request.method("GET").path("/web/short.txt").scheme("https").authority("127.0.0.1");
            peer.open(request).shutdownOutput().sync();
            assertEquals("HEADERS 200", peer.next());
            StringBuilder hex = new StringBuilder();
            for (String event = peer.next(); !event.equals("END"); event = peer.next()) {
                assertTrue(event.startsWith("DATA "), event);
                hex.append(event.substring(5));
            }
            assertEquals(SHORT, new String(HexFormat.of().parseHex(hex), ISO_8859_1));
        }
    }

    @Test
    void aMissingFileAtTheRouteOfAWebSocketNeedsAnUpgrade() throws Exception {
        String response = http1("GET /web/ws");
        assertTrue(response.startsWith("HTTP/1.1 426 Upgrade Required\r\n"), response);
        assertTrue(response.toLowerCase(Locale.ROOT).contains("\r\nupgrade: websocket\r\n"), response);
        assertTrue(http1("GET /web/none").startsWith("HTTP/1.1 404 "));
    }

    @Test
    void readinessIsWhatTheServerHasSet() throws IOException {
        assertTrue(http1("GET /ready").startsWith("HTTP/1.1 200 "));
        server.setReady(false);
        assertTrue(http1("GET /ready").startsWith("HTTP/1.1 503 "));
        assertTrue(http1("GET /web/short.txt").startsWith("HTTP/1.1 200 "));
    }

    private RouteMetrics of(String path) {
        return server.metrics().stream()
                .filter(route -> route.path().equals(path))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void connectionsAreCountedFromTheirOpeningToTheirEnd() throws Exception {
        try (NettyClient client = NettyClient.builder()
                .version(HttpVersion.HTTP_1_1)
                .extensions(Extensions.none())
                .build()) {
            WebSocket webSocket = client.connect("ws://127.0.0.1:" + server.port() + "/ws", new WebSocketListener() {})
                    .get(60, TimeUnit.SECONDS);
            webSocket.sendText("hello");
            long end = System.nanoTime() + 60_000_000_000L;
            while (of("/ws").traffic().messagesSent() == 0 && System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            assertEquals(1, of("/ws").traffic().messagesReceived());
            assertEquals(1, of("/ws").open());
            webSocket.close();
            webSocket.whenClosed().toCompletableFuture().get(60, TimeUnit.SECONDS);
            while (of("/ws").open() == 1 && System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            assertEquals(1, of("/ws").closedCleanly());
            assertEquals(1, of("/ws").responses());
        }
    }
}
