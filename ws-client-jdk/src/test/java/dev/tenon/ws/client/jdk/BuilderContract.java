package dev.tenon.ws.client.jdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.MessageType;
import dev.tenon.ws.connection.StreamingListener;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.server.WebSocketServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Code for the JDK's client relies on this behaviour before the connection is open. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class BuilderContract {
    private WebSocketServer server;
    final CompletableFuture<CloseEvent> ended = new CompletableFuture<>();

    abstract WebSocket.Builder builder() throws IOException;

    /** Echoes every piece; a text "bye" is answered with 4001. */
    private final class Echo implements StreamingListener {
        @Override
        public void onPiece(
                dev.tenon.ws.connection.WebSocket webSocket, MessageType type, ByteBuffer piece, boolean last) {
            if (type == MessageType.TEXT && last && piece.remaining() == 3) {
                webSocket.close(new CloseCode(4001), "as you wish");
            } else {
                webSocket.sendPiece(type, piece, last);
            }
        }

        @Override
        public void onClose(dev.tenon.ws.connection.WebSocket webSocket, CloseEvent event) {
            ended.complete(event);
        }
    }

    @BeforeEach
    void serve() throws IOException {
        server = WebSocketServer.builder()
                .listen(new InetSocketAddress("127.0.0.1", 0))
                .subprotocols("chat.v2", "chat.v1")
                .route("/echo", upgrade -> upgrade.accept(new Echo()))
                .route(
                        "/token",
                        upgrade -> "t".equals(upgrade.headers().first("X-Token"))
                                ? upgrade.accept(new Echo())
                                : upgrade.refuse(403, "no token"))
                .start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    URI uri(String path) {
        return URI.create("ws://127.0.0.1:" + server.port() + path);
    }

    WebSocket open(WebSocket.Listener listener) throws IOException {
        return builder().buildAsync(uri("/echo"), listener).join();
    }

    static Throwable failure(CompletableFuture<?> future) {
        return Objects.requireNonNull(
                assertThrows(CompletionException.class, future::join).getCause());
    }

    @Test
    void aRefusalHasAReason() throws Exception {
        Throwable failure = failure(builder().buildAsync(uri("/token"), RecordingListener.everything()));
        var response =
                assertInstanceOf(WebSocketHandshakeException.class, failure).getResponse();
        assertEquals(403, response.statusCode());
        assertEquals("no token\n", response.body());
        assertEquals(
                "text/plain; charset=utf-8",
                response.headers().firstValue("content-type").orElse(""));
        assertEquals("http", response.uri().getScheme());
        assertEquals("/token", response.request().uri().getPath());
    }

    @Test
    void headersAreSent() throws Exception {
        WebSocket webSocket = builder()
                .header("X-Token", "t")
                .buildAsync(uri("/token"), RecordingListener.everything())
                .join();
        webSocket.abort();
    }

    @Test
    void aResponseThatBreaksARuleIsAFailedHandshake() throws Exception {
        try (Peer peer = new Peer(script -> {
            script.request();
            script.say("""
                HTTP/1.1 101 Switching Protocols\r
                Upgrade: websocket\r
                Connection: Upgrade\r
                Sec-WebSocket-Accept: bm90IHRoaXM=\r
                \r
                """).drain();
        })) {
            Throwable failure = failure(builder().buildAsync(peer.uri(), RecordingListener.everything()));
            assertEquals(
                    101,
                    assertInstanceOf(WebSocketHandshakeException.class, failure)
                            .getResponse()
                            .statusCode());
        }
    }

    @Test
    void theSubprotocolIsAgreedOn() throws Exception {
        WebSocket webSocket = builder()
                .subprotocols("unknown", "chat.v1")
                .buildAsync(uri("/echo"), RecordingListener.everything())
                .join();
        assertEquals("chat.v1", webSocket.getSubprotocol());
        webSocket.abort();
        WebSocket without = open(RecordingListener.everything());
        assertEquals("", without.getSubprotocol());
        without.abort();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1/", "ws:/nowhere", "ws://127.0.0.1/#part", "/relative"})
    void aUriOfAnotherSchemeIsRejected(String uri) throws Exception {
        assertInstanceOf(
                IllegalArgumentException.class,
                failure(builder().buildAsync(URI.create(uri), RecordingListener.everything())));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Sec-WebSocket-Key", "sec-websocket-version", "Sec-WebSocket-Protocol", "Upgrade", "not a name"})
    void headersOfTheHandshakeAreRejected(String name) throws Exception {
        assertInstanceOf(
                IllegalArgumentException.class,
                failure(builder().header(name, "x").buildAsync(uri("/echo"), RecordingListener.everything())));
    }

    @Test
    void subprotocolsAreDifferentTokens() throws Exception {
        assertInstanceOf(
                IllegalArgumentException.class,
                failure(builder().subprotocols("a", "a").buildAsync(uri("/echo"), RecordingListener.everything())));
        assertInstanceOf(
                IllegalArgumentException.class,
                failure(builder().subprotocols("a b").buildAsync(uri("/echo"), RecordingListener.everything())));
    }

    @Test
    void aTimeoutIsPositive() throws Exception {
        assertInstanceOf(
                IllegalArgumentException.class,
                failure(builder()
                        .connectTimeout(Duration.ZERO)
                        .buildAsync(uri("/echo"), RecordingListener.everything())));
    }

    @Test
    void aConnectWithoutAResponseInTimeFails() throws Exception {
        try (Peer peer = new Peer(Peer::drain)) {
            CompletableFuture<WebSocket> building = builder()
                    .connectTimeout(Duration.ofMillis(300))
                    .buildAsync(peer.uri(), RecordingListener.everything());
            assertInstanceOf(HttpTimeoutException.class, failure(building));
            peer.done().get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void aTimeoutThatHasNotPassedChangesNothing() throws Exception {
        RecordingListener recorded = RecordingListener.everything();
        WebSocket webSocket = builder()
                .connectTimeout(Duration.ofDays(365_000))
                .buildAsync(uri("/echo"), recorded)
                .join();
        assertEquals("open", recorded.next());
        webSocket.abort();
    }
}
