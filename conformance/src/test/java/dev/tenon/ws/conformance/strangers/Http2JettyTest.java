package dev.tenon.ws.conformance.strangers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.netty.NettyServer;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import org.eclipse.jetty.client.AbstractConnectionPool;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.client.transport.HttpClientTransportOverHTTP2;
import org.eclipse.jetty.websocket.api.exceptions.UpgradeException;
import org.eclipse.jetty.websocket.client.ClientUpgradeRequest;
import org.eclipse.jetty.websocket.client.WebSocketClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** Jetty's client over HTTP/2 (RFC 8441) with the server of ws-netty. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class Http2JettyTest {
    private final HttpClient http = new HttpClient(new HttpClientTransportOverHTTP2(new HTTP2Client()));
    private final WebSocketClient client = new WebSocketClient(http);
    private NettyServer server;
    private int port;

    @BeforeAll
    void start() throws Exception {
        server = NettyServer.builder()
                .routes(routes -> routes.subprotocols("chat")
                        .route("/chat", upgrade -> upgrade.accept(new Echo()))
                        .get("/", request -> HttpResponse.text(200, "a page\n")))
                .start();
        port = server.port();
        client.setMaxTextMessageSize(16 << 20);
        client.setMaxBinaryMessageSize(16 << 20);
        client.start();
    }

    @AfterAll
    void stop() throws Exception {
        client.stop();
        server.stop(Duration.ZERO);
    }

    private ClientUpgradeRequest request() {
        return new ClientUpgradeRequest(URI.create("ws://127.0.0.1:" + port + "/chat?room=1"));
    }

    private JettyPeer connect() throws Exception {
        return JettyPeer.connectByHttp2(client, request());
    }

    @Test
    void messagesOfEveryLengthFormComeBack() throws Exception {
        try (JettyPeer peer = connect()) {
            String text = "Gr\u00fc\u00dfe, \u4e16\u754c ";
            for (String message : new String[] {"", text, text.repeat(40_000)}) {
                peer.text(message);
                assertEquals(ClientContract.received(message), peer.events().next());
            }
            for (int length : new int[] {0, 1, 125, 126, 65_535, 65_536, 1 << 20}) {
                peer.binary(new byte[length]);
                assertEquals(
                        ClientContract.received(new byte[length]), peer.events().next());
            }
            for (int i = 0; i < 8; i++) { // more than the stream windows hold, in both directions at once
                peer.binary(new byte[1 << 20]);
            }
            for (int i = 0; i < 8; i++) {
                assertEquals(
                        ClientContract.received(new byte[1 << 20]),
                        peer.events().next());
            }
            for (int i = 0; i < 200; i++) {
                peer.text("burst " + i);
            }
            for (int i = 0; i < 200; i++) {
                assertEquals("text burst " + i, peer.events().next());
            }
        }
    }

    /**
     * An earlier version of this test lost the first message in one of twenty connects, because of Jetty: see {@link
     * JettyPeer#connectByHttp2}.
     */
    @Test
    void theFirstMessageIsNeverLost() throws Exception {
        for (int i = 0; i < 100; i++) {
            try (JettyPeer peer = connect()) {
                peer.text("first");
                assertEquals("text first", peer.events().next());
            }
        }
    }

    @Test
    void pingsAreAnsweredAndCloseFramesToo() throws Exception {
        try (JettyPeer peer = connect()) {
            peer.ping("polo");
            assertEquals("pong polo", peer.events().next());
            peer.close(4000, "enough");
            assertEquals("close 4000 enough", peer.events().next());
        }
    }

    @Test
    void aPeerThatBreaksALimitGetsACloseFrame() throws Exception {
        try (JettyPeer peer = connect()) {
            peer.binary(new byte[(1 << 20) + 1]);
            String event = peer.events().next();
            assertEquals("close 1009", event.substring(0, Math.min(10, event.length())));
        }
    }

    @Test
    void theSubprotocolIsChosen() throws Exception {
        ClientUpgradeRequest request = request();
        request.setSubProtocols("superchat", "chat");
        try (JettyPeer peer = JettyPeer.connectByHttp2(client, request)) {
            assertEquals("chat", peer.subprotocol());
        }
    }

    @Test
    void streamsOfOneConnectionOpenAndCloseIndependently() throws Exception {
        try (JettyPeer first = connect()) {
            try (JettyPeer second = connect()) {
                second.text("second");
                assertEquals("text second", second.events().next());
            } // the stream is reset
            first.text("first");
            assertEquals("text first", first.events().next());
            try (JettyPeer third = connect()) {
                third.text("third");
                assertEquals("text third", third.events().next());
            }
            AbstractConnectionPool pool = assertInstanceOf(
                    AbstractConnectionPool.class, http.getDestinations().get(0).getConnectionPool());
            assertEquals(1, pool.getConnectionCount());
        }
    }

    @Test
    void aForeignOriginIsRefused() {
        ClientUpgradeRequest request = request();
        request.setHeader("Origin", "http://elsewhere.example");
        ExecutionException e = assertThrows(ExecutionException.class, () -> JettyPeer.connect(client, request));
        assertEquals(403, assertInstanceOf(UpgradeException.class, e.getCause()).getResponseStatusCode());
    }

    @Test
    void otherRequestsThanExtendedConnectAreAnsweredInHttp() throws Exception {
        ContentResponse response = http.GET("http://127.0.0.1:" + port + "/");
        assertEquals(200, response.getStatus());
        assertEquals("a page\n", response.getContentAsString());
    }

    private static final class Echo implements WebSocketListener {
        @Override
        public void onText(WebSocket webSocket, String text) {
            webSocket.sendText(text);
        }

        @Override
        public void onBinary(WebSocket webSocket, ByteBuffer data) {
            webSocket.sendBinary(data);
        }
    }
}
