package dev.tenon.ws.netty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.HttpVersion;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers of HTTP/1.1 that break RFC 6455, or leave at any place. */
@ExtendWith(Leaks.class)
class Http1BadServerTest {
    private static final String HI = BadServerContract.HI;
    private static final String CLOSE = "880203e8";

    private final RecordingListener listener = new RecordingListener();
    private ServerSocket listening;
    private NettyClient client;
    private @Nullable Http1Peer peer;

    @BeforeEach
    void start() throws IOException {
        listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        listening.setSoTimeout(60_000);
        client = client(Duration.ofMinutes(5)); // longer than a test waits
    }

    private static NettyClient client(Duration timeout) {
        return NettyClient.builder()
                .version(HttpVersion.HTTP_1_1)
                .connectTimeout(timeout)
                .extensions(Extensions.none())
                .build();
    }

    @AfterEach
    void stop() throws IOException {
        client.close(Duration.ZERO);
        if (peer != null) {
            peer.close();
        }
        listening.close();
    }

    private CompletableFuture<WebSocket> connect() throws IOException {
        CompletableFuture<WebSocket> connecting =
                client.connect("ws://127.0.0.1:" + listening.getLocalPort() + "/", listener);
        peer = new Http1Peer(listening.accept());
        return connecting;
    }

    private Http1Peer peer() {
        return Objects.requireNonNull(peer);
    }

    /** Reads the request, and returns the response that accepts it. */
    private String response() throws Exception {
        String name = "sec-websocket-key: ";
        String key = peer().head().stream()
                .filter(line -> line.regionMatches(true, 0, name, 0, name.length()))
                .map(line -> line.substring(name.length()))
                .findFirst()
                .orElseThrow();
        byte[] digest = MessageDigest.getInstance("SHA-1")
                .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(ISO_8859_1));
        return """
                HTTP/1.1 101 Switching Protocols\r
                Upgrade: websocket\r
                Connection: Upgrade\r
                Sec-WebSocket-Accept: %s\r
                \r
                """.formatted(Base64.getEncoder().encodeToString(digest));
    }

    private void accept() throws Exception {
        CompletableFuture<WebSocket> connecting = connect();
        peer().send(response());
        connecting.get(60, TimeUnit.SECONDS);
    }

    private void expectEcho() throws Exception {
        assertEquals("hi", listener.text.get(60, TimeUnit.SECONDS));
        assertEquals("8182", peer().hex(8).substring(0, 4));
    }

    private static Throwable failure(CompletableFuture<WebSocket> connecting) {
        return BadServerContract.failure(connecting);
    }

    @Test
    void aGoodServerIsAnswered() throws Exception {
        accept();
        peer().sendHex(HI);
        expectEcho();
        peer().sendHex(CLOSE);
        assertEquals("8882", peer().hex(8).substring(0, 4));
        peer().close();
        assertTrue(listener.end().wasClean());
    }

    @Test
    void aMessageBehindTheResponseIsHeard() throws Exception {
        CompletableFuture<WebSocket> connecting = connect();
        peer().send(response() + new String(new byte[] {(byte) 0x81, 2, 'h', 'i'}, ISO_8859_1));
        expectEcho();
        connecting.get(60, TimeUnit.SECONDS);
    }

    @Test
    void aResponseInSingleBytesIsTaken() throws Exception {
        CompletableFuture<WebSocket> connecting = connect();
        for (char each : response().toCharArray()) {
            peer().send(String.valueOf(each));
        }
        connecting.get(60, TimeUnit.SECONDS);
        peer().sendHex(HI);
        expectEcho();
    }

    @Test
    void interimResponsesAreSkipped() throws Exception {
        CompletableFuture<WebSocket> connecting = connect();
        peer().send("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + response());
        connecting.get(60, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @CsvSource({
        "101 Switching Protocols, 200 OK\\Content-Length: 0",
        "101 Switching Protocols, 404 Not Found\\Content-Length: 0",
        "HTTP/1.1 101, HTTP/1.0 101",
        "HTTP/1.1 101, SSH-2.0 101",
        "Upgrade: websocket, Upgrade: h2c",
        "Connection: Upgrade, Connection: close",
        "Sec-WebSocket-Accept, X-Accept",
        "Sec-WebSocket-Accept: , Sec-WebSocket-Accept: x",
        "Connection: Upgrade, Connection: Upgrade\\Sec-WebSocket-Protocol: surprise",
        "Connection: Upgrade, Connection: Upgrade\\Sec-WebSocket-Extensions: x-surprise",
        "Connection: Upgrade, Connection : Upgrade"
    })
    void aResponseIsRefused(String part, String other) throws Exception {
        CompletableFuture<WebSocket> connecting = connect();
        peer().send(response().replace(part, other.replace("\\", "\r\n")));
        assertInstanceOf(HandshakeException.class, failure(connecting));
        assertFalse(listener.opened.isDone());
        assertTrue(peer().isEnded(), "the client stays");
    }

    @Test
    void aHeadWithoutAnEndIsRefused() throws Exception {
        CompletableFuture<WebSocket> connecting = connect();
        peer().send(response().replaceAll("\r\n\r\n$", "\r\nX-Fill: "));
        try {
            for (int sent = 0; sent < 1 << 24; sent += 8192) {
                peer().send("x".repeat(8192));
            }
        } catch (SocketException ended) {
            // the client has closed the connection
        }
        assertInstanceOf(HandshakeException.class, failure(connecting));
        assertTrue(peer().isEnded(), "the client stays");
    }

    @ParameterizedTest
    @CsvSource({"end, 0", "end, 20", "reset, 0", "reset, 20"})
    void anEndWithoutAResponseFailsTheConnect(String how, int characters) throws Exception {
        CompletableFuture<WebSocket> connecting = connect();
        peer().send(response().substring(0, characters));
        leave(how);
        Throwable failure = failure(connecting);
        assertTrue(failure instanceof HandshakeException || failure instanceof IOException, () -> "" + failure);
        assertFalse(listener.opened.isDone());
    }

    private void leave(String how) throws IOException {
        if (how.equals("reset")) {
            peer().reset();
        } else {
            peer().end();
        }
    }

    @Test
    void aServerWithoutAResponseFailsTheConnectInTime() throws Exception {
        client.close();
        client = client(Duration.ofMillis(100));
        CompletableFuture<WebSocket> connecting = connect();
        response(); // is not sent
        assertInstanceOf(IOException.class, failure(connecting));
        assertTrue(peer().isEnded(), "the client stays");
    }

    @Test
    void theEndOfTheClientFailsAConnectInProgress() throws Exception {
        CompletableFuture<WebSocket> connecting = connect();
        response(); // is not sent
        Duration deadline = Duration.ofSeconds(60);
        long begin = System.nanoTime();
        client.close(deadline);
        assertTrue(System.nanoTime() - begin < deadline.toNanos() / 2, "the deadline was waited for");
        assertInstanceOf(IOException.class, failure(connecting));
        assertTrue(peer().isEnded(), "the client stays");
    }

    @ParameterizedTest
    @CsvSource({"end, 0", "end, 2", "end, 6", "end, 8", "reset, 0", "reset, 6", "reset, 8"})
    void anEndWithoutACloseFrameIsAbnormal(String how, int hexDigits) throws Exception {
        accept();
        peer().sendHex(HI.substring(0, hexDigits));
        leave(how);
        CloseEvent end = listener.end();
        assertEquals(CloseCode.ABNORMAL_CLOSURE, end.code());
        assertFalse(end.wasClean());
    }

    @ParameterizedTest
    @ValueSource(strings = {BadPeerContract.HI, "c1026869", "83026869", "0900", "ffffffffffffffffffff"})
    void aFrameThatBreaksARuleClosesWith1002(String hex) throws Exception {
        accept();
        peer().sendHex(hex);
        String close = peer().hex(8);
        assertTrue(close.startsWith("88"), "no Close frame: " + close);
        peer().close();
        assertEquals(CloseCode.PROTOCOL_ERROR, listener.end().code());
    }

    @Test
    void bytesBehindTheCloseFrameAreIgnored() throws Exception {
        accept();
        peer().sendHex(CLOSE + HI + "ffff");
        assertEquals("8882", peer().hex(8).substring(0, 4));
        peer().close();
        assertTrue(listener.end().wasClean());
        assertFalse(listener.text.isDone());
    }
}
