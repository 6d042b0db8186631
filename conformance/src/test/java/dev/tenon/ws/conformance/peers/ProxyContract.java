package dev.tenon.ws.conformance.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.client.ConnectRequest;
import dev.tenon.ws.client.WebSocketClient;
import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.handshake.TrustedProxies;
import dev.tenon.ws.server.Client;
import dev.tenon.ws.server.WebSocketServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.SocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract between a client (the JDK's or Tenon's) and Tenon's server, through any reverse proxy. */
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class ProxyContract {
    /** The time after which the proxies here close a silent connection. */
    static final int IDLE_MILLIS = 3000;

    private static final String CLIENT = "127.0.0.2";
    /** The headers of a client that pretends to have another address. */
    private static final String SPOOFED = """
        X-Forwarded-For: 6.6.6.6\r
        X-Forwarded-Proto: wss\r
        Forwarded: for=6.6.6.6;proto=https\r
        """;

    private static Certificate certificate;

    @TempDir
    Path folder;

    private final BlockingQueue<CloseEvent> ends = new LinkedBlockingQueue<>();
    private final BlockingQueue<Client> peers = new LinkedBlockingQueue<>();
    private WebSocketServer server;
    private Program proxy;
    private HttpClient client;
    private int plainPort;
    private int securePort;

    /** Starts the proxy: HTTP on one port, TLS on the other; both forward to the upstream port. */
    abstract Program start(Certificate certificate, int plainPort, int securePort, int upstream) throws Exception;

    /** Returns the trust in this proxy, which is at 127.0.0.1, for the header that it writes. */
    abstract TrustedProxies trusted();

    @BeforeAll
    static void makeCertificate(@TempDir Path keys) throws Exception {
        certificate = Certificate.make(keys);
    }

    @BeforeEach
    void start() throws Exception {
        client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(certificate.context())
                .build();
        plainPort = Program.freePort();
        securePort = Program.freePort();
        server = WebSocketServer.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .loops(1)
                .options(ConnectionOptions.DEFAULT.withKeepalive(
                        Duration.ofMillis(IDLE_MILLIS / 12), Duration.ofSeconds(20)))
                .trustedProxies(trusted())
                .route("/ws", upgrade -> {
                    peers.add(upgrade.client());
                    return upgrade.accept(new Recorder());
                })
                .http(request -> HttpResponse.text(
                        200,
                        request.method() + " " + request.request().target() + " "
                                + request.body().remaining()))
                .start();
        proxy = start(certificate, plainPort, securePort, server.port());
    }

    @AfterEach
    void stop() {
        if (proxy != null) {
            proxy.close();
        }
        if (server != null) {
            server.stop(Duration.ofSeconds(1));
        }
    }

    /** Echoes, closes on a command, and records the close event. */
    private final class Recorder implements WebSocketListener {
        @Override
        public void onText(WebSocket webSocket, String text) {
            if (text.equals("close yourself")) {
                webSocket.close(new CloseCode(4321), "as you say");
            } else {
                webSocket.sendText(text);
            }
        }

        @Override
        public void onBinary(WebSocket webSocket, ByteBuffer data) {
            webSocket.sendBinary(data);
        }

        @Override
        public void onClose(WebSocket webSocket, CloseEvent event) {
            ends.add(event);
        }
    }

    private String uri(String scheme) {
        return scheme + "://127.0.0.1:" + (scheme.equals("wss") || scheme.equals("https") ? securePort : plainPort);
    }

    private CloseEvent end() throws InterruptedException {
        CloseEvent event = ends.poll(20, TimeUnit.SECONDS);
        assertTrue(event != null, "the server has not seen the end");
        return event;
    }

    @ParameterizedTest
    @ValueSource(strings = {"ws", "wss"})
    void messagesPassThroughAndSoDoesTheClosingHandshake(String scheme) throws Exception {
        try (JdkClient webSocket = JdkClient.connect(client, uri(scheme) + "/ws")) {
            webSocket.checkEchoes();
            webSocket.checkClose(4000, "enough");
            CloseEvent end = end();
            assertEquals(new CloseCode(4000), end.code());
            assertEquals("enough", end.reason());
            assertTrue(end.wasClean());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ws", "wss"})
    void theServerMayCloseFirst(String scheme) throws Exception {
        try (JdkClient webSocket = JdkClient.connect(client, uri(scheme) + "/ws")) {
            webSocket.sendText("close yourself");
            assertEquals("4321 as you say", webSocket.closed());
            assertTrue(end().wasClean());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ws", "wss"})
    void ourClientPassesThroughAsWell(String scheme) throws Exception {
        try (WebSocketClient own = own()) {
            OwnConnection first = new OwnConnection(own, ConnectRequest.to(uri(scheme) + "/ws"));
            first.checkEchoes();
            first.checkClose(4000, "enough");
            assertTrue(end().wasClean());
            OwnConnection second = new OwnConnection(own, ConnectRequest.to(uri(scheme) + "/ws"));
            second.sendText("close yourself");
            assertEquals("4321 as you say clean", second.next());
            assertTrue(end().wasClean());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ws", "wss"})
    void ourClientSeesARefusal(String scheme) throws Exception {
        ConnectRequest request =
                ConnectRequest.to(uri(scheme) + "/ws").withHeader("Origin", "https://elsewhere.example");
        try (WebSocketClient own = own()) {
            ExecutionException failed = assertThrows(ExecutionException.class, () -> new OwnConnection(own, request));
            assertEquals(
                    403,
                    assertInstanceOf(HandshakeException.class, failed.getCause())
                            .status());
        }
    }

    private static WebSocketClient own() throws Exception {
        return WebSocketClient.builder().tls(certificate.context()).build();
    }

    @Test
    void aPageOfTheSameOriginConnectsAlsoWhereTheProxyUsesTls() throws Exception {
        try (JdkClient webSocket = JdkClient.connect(client, uri("wss") + "/ws", "Origin", uri("https"))) {
            webSocket.echoesText("by TLS");
        }
        try (JdkClient webSocket = JdkClient.connect(client, uri("ws") + "/ws", "Origin", uri("http"))) {
            webSocket.echoesText("plain");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ws", "wss"})
    void theEndpointSeesTheClientAndNotTheProxyOrForgedHeaders(String scheme) throws Exception {
        boolean secure = scheme.equals("wss");
        assertEquals("101", upgrade(secure, secure ? securePort : plainPort, SPOOFED));
        assertPeer(secure);
    }

    @Test
    void headersOfAClientThatBypassesTheProxyAreIgnored() throws Exception {
        assertEquals("101", upgrade(false, server.port(), SPOOFED));
        assertPeer(false);
    }

    /** Without the proxy's header the server would have to accept both origins, because it has no TLS itself. */
    @Test
    void aPageLoadedWithoutTlsIsOfAnotherOriginWhereTheProxyUsesTls() throws Exception {
        String host = "://127.0.0.1:" + securePort + "\r\n";
        assertEquals("101", upgrade(true, securePort, "Origin: https" + host));
        assertEquals("403", upgrade(true, securePort, "Origin: http" + host));
        assertEquals("403", upgrade(true, securePort, "X-Forwarded-Proto: http\r\nOrigin: http" + host));
    }

    private void assertPeer(boolean secure) throws InterruptedException {
        Client peer = peers.poll(20, TimeUnit.SECONDS);
        assertTrue(peer != null && peer.address() != null, "the endpoint was not asked");
        assertEquals(CLIENT, peer.address().getAddress().getHostAddress());
        assertEquals(secure, peer.secure());
    }

    /** Requests a WebSocket from an address that no proxy has, and returns the status. */
    private String upgrade(boolean secure, int port, String moreLines) throws Exception {
        SocketFactory sockets = secure ? certificate.context().getSocketFactory() : SocketFactory.getDefault();
        try (Socket socket =
                sockets.createSocket(InetAddress.getByName("127.0.0.1"), port, InetAddress.getByName(CLIENT), 0)) {
            socket.setSoTimeout(20_000);
            String request = "GET /ws HTTP/1.1\r\nHost: 127.0.0.1:" + port
                    + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" + moreLines + "\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            String response = new String(socket.getInputStream().readNBytes(12), StandardCharsets.ISO_8859_1);
            return response.substring("HTTP/1.1 ".length());
        }
    }

    @Test
    void aRefusalReachesTheClient() {
        CompletionException failed = assertThrows(
                CompletionException.class,
                () -> JdkClient.connect(client, uri("wss") + "/ws", "Origin", "https://elsewhere.example")
                        .close());
        WebSocketHandshakeException refused = assertInstanceOf(WebSocketHandshakeException.class, failed.getCause());
        assertEquals(403, refused.getResponse().statusCode());
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "https"})
    void plainRequestsPassThrough(String scheme) throws Exception {
        for (int i = 0; i < 3; i++) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(uri(scheme) + "/a?b=" + i))
                    .timeout(Duration.ofSeconds(20))
                    .build();
            assertEquals(
                    "GET /a?b=" + i + " 0",
                    client.send(request, BodyHandlers.ofString()).body());
        }
        HttpRequest post = HttpRequest.newBuilder(URI.create(uri(scheme) + "/"))
                .timeout(Duration.ofSeconds(20))
                .POST(BodyPublishers.ofByteArray(new byte[300_000]))
                .build();
        assertEquals("POST / 300000", client.send(post, BodyHandlers.ofString()).body());
    }

    /** The proxy closes silent connections; the server's pings keep this one open. */
    @Test
    void keepalivePingsHoldAnIdleConnectionOpen() throws Exception {
        try (JdkClient webSocket = JdkClient.connect(client, uri("ws") + "/ws")) {
            assertTrue(webSocket.awaitPings(8));
            webSocket.echoesText("still here");
        }
    }

    @Test
    void aProxyThatGoesAwayEndsTheConnectionAbnormally() throws Exception {
        try (JdkClient webSocket = JdkClient.connect(client, uri("ws") + "/ws")) {
            webSocket.echoesText("before");
            proxy.close();
            CloseEvent end = end();
            assertEquals(CloseCode.ABNORMAL_CLOSURE, end.code());
        }
    }
}
