package dev.tenon.ws.conformance.strangers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.tenon.ws.client.ConnectRequest;
import dev.tenon.ws.client.WebSocketClient;
import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.connection.MessageType;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.deflate.DeflateOptions;
import dev.tenon.ws.deflate.PermessageDeflate;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.handshake.HandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The contract between Tenon's client and a server of another project, with and without TLS, with and without
 * permessage-deflate.
 */
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class ServerContract {
    static final int LARGEST = 16 << 20;
    static final String CLOSE_ME = "close 4001 as you wish";

    private final Map<String, RunningServer> servers = new HashMap<>();
    private final RecordingListener listener = new RecordingListener();
    private @Nullable WebSocketClient compressing;
    private @Nullable WebSocketClient plain;

    /** A server that listens. */
    record RunningServer(int port, Stop stop) {}

    /** Stops a server. */
    interface Stop {
        void run() throws Exception;
    }

    /**
     * Starts an echo server at {@code /any} on 127.0.0.1, which supports the subprotocol chat.v1 and
     * permessage-deflate, refuses every other path, and closes with 4001 on the text {@link #CLOSE_ME}.
     */
    abstract RunningServer start(@Nullable SSLContext tls) throws Exception;

    /** Returns the status for a path that is not served. */
    int refusal() {
        return 404;
    }

    /** Returns the request target for a path. */
    String target(String path) {
        return path;
    }

    List<String> schemes() {
        return List.of("ws", "wss");
    }

    Stream<Arguments> connections() {
        return schemes().stream().flatMap(scheme -> Stream.of(false, true).map(deflate -> arguments(scheme, deflate)));
    }

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        SSLContext context = TestKey.in(directory).context();
        for (String scheme : schemes()) {
            servers.put(scheme, start(scheme.equals("wss") ? context : null));
        }
        compressing = client(
                context,
                Extensions.of(new PermessageDeflate(DeflateOptions.defaults().withMinimumSize(0))));
        plain = client(context, Extensions.none());
    }

    private static WebSocketClient client(SSLContext context, Extensions extensions) throws Exception {
        return WebSocketClient.builder()
                .tls(context)
                .extensions(extensions)
                .options(ConnectionOptions.DEFAULT.withMaxMessageLength(LARGEST).withOutbound(LARGEST, 4 * LARGEST))
                .build();
    }

    @AfterAll
    void stop() throws Exception {
        for (WebSocketClient client : new WebSocketClient[] {compressing, plain}) {
            if (client != null) {
                client.close();
            }
        }
        for (RunningServer server : servers.values()) {
            server.stop().run();
        }
    }

    private String uri(String scheme, String path) {
        RunningServer server = servers.get(scheme);
        if (server == null) {
            throw new IllegalStateException("not started");
        }
        return scheme + "://127.0.0.1:" + server.port() + target(path);
    }

    private WebSocket connect(String scheme, boolean deflate, String path) {
        WebSocketClient client = deflate ? compressing : plain;
        if (client == null) {
            throw new IllegalStateException("not started");
        }
        ConnectRequest request = ConnectRequest.to(uri(scheme, path)).withSubprotocols("chat.v1");
        return client.connect(request, listener).join();
    }

    private WebSocket connect(String scheme, boolean deflate) {
        return connect(scheme, deflate, "/any");
    }

    private void closes(WebSocket socket) throws InterruptedException {
        socket.close();
        assertEnd("close 1000 ");
    }

    private void assertEnd(String expected) throws InterruptedException {
        String end = listener.events.next();
        assertTrue(end.equals(expected) || (losesCloseFrames() && end.equals("close 1006  unclean")), end);
    }

    /** Returns whether this server sometimes ends a connection before it has sent its Close frame. */
    boolean losesCloseFrames() {
        return false;
    }

    @ParameterizedTest
    @MethodSource("connections")
    void theOfferedExtensionIsNegotiated(String scheme, boolean deflate) throws Exception {
        WebSocket socket = connect(scheme, deflate);
        assertEquals(
                deflate ? List.of("permessage-deflate") : List.of(),
                socket.extensions().stream().map(extension -> extension.name()).toList());
        assertEquals("chat.v1", socket.subprotocol());
        closes(socket);
    }

    @ParameterizedTest
    @MethodSource("connections")
    void textOfAnyLengthComesBack(String scheme, boolean deflate) throws Exception {
        WebSocket socket = connect(scheme, deflate);
        for (String text : List.of("", "Grüße, 世界 🪵", "a long line, said again. ".repeat(40_000))) {
            socket.sendText(text);
            assertEquals("text " + text, listener.events.next());
        }
        closes(socket);
    }

    @ParameterizedTest
    @MethodSource("connections")
    void binaryOfEveryLengthFormComesBack(String scheme, boolean deflate) throws Exception {
        WebSocket socket = connect(scheme, deflate);
        for (int length : new int[] {0, 1, 125, 126, 65_535, 65_536, 1 << 20}) {
            byte[] bytes = new byte[length];
            new Random(length).nextBytes(bytes);
            socket.sendBinary(ByteBuffer.wrap(bytes));
            assertEquals(RecordingListener.binary(ByteBuffer.wrap(bytes)), listener.events.next());
        }
        closes(socket);
    }

    @ParameterizedTest
    @MethodSource("connections")
    void piecesOfAMessageArriveAsOne(String scheme, boolean deflate) throws Exception {
        WebSocket socket = connect(scheme, deflate);
        for (String piece : List.of("one ", "mess", "age")) {
            socket.sendPiece(
                    MessageType.TEXT, ByteBuffer.wrap(piece.getBytes(StandardCharsets.UTF_8)), piece.equals("age"));
        }
        assertEquals("text one message", listener.events.next());
        closes(socket);
    }

    @ParameterizedTest
    @MethodSource("connections")
    void aPingIsAnsweredAndTimed(String scheme, boolean deflate) throws Exception {
        WebSocket socket = connect(scheme, deflate);
        socket.sendPing(ByteBuffer.wrap("marco".getBytes(StandardCharsets.UTF_8)));
        assertEquals("pong marco", listener.events.next());
        assertTrue(socket.roundTrip().orElseThrow().compareTo(Duration.ZERO) > 0);
        closes(socket);
    }

    @ParameterizedTest
    @MethodSource("connections")
    void eitherSideCloses(String scheme, boolean deflate) throws Exception {
        connect(scheme, deflate).close(new CloseCode(4000), "enough");
        assertEnd("close 4000 enough");
        connect(scheme, deflate).sendText(CLOSE_ME);
        assertEnd("close 4001 as you wish");
    }

    @ParameterizedTest
    @MethodSource("schemes")
    void aRefusalHasItsStatus(String scheme) {
        CompletionException e = assertThrows(CompletionException.class, () -> connect(scheme, true, "/elsewhere"));
        assertEquals(
                refusal(),
                assertInstanceOf(HandshakeException.class, e.getCause()).status());
    }

    @Test
    void anUntrustedCertificateFailsTheConnect() throws Exception {
        try (WebSocketClient strict = WebSocketClient.create()) {
            CompletionException e = assertThrows(
                    CompletionException.class,
                    () -> strict.connect(uri("wss", "/any"), listener).join());
            assertInstanceOf(SSLException.class, e.getCause());
        }
    }

    private static final class RecordingListener implements WebSocketListener {
        final Events events = new Events();

        static String binary(ByteBuffer bytes) {
            CRC32 crc = new CRC32();
            int length = bytes.remaining();
            crc.update(bytes);
            return "binary " + length + " " + crc.getValue();
        }

        @Override
        public void onText(WebSocket webSocket, String text) {
            events.add("text " + text);
        }

        @Override
        public void onBinary(WebSocket webSocket, ByteBuffer data) {
            events.add(binary(data));
        }

        @Override
        public void onPong(WebSocket webSocket, ByteBuffer payload) {
            events.add("pong " + StandardCharsets.UTF_8.decode(payload));
        }

        @Override
        public void onClose(WebSocket webSocket, CloseEvent event) {
            events.add("close " + event.code() + " " + event.reason() + (event.wasClean() ? "" : " unclean"));
        }
    }
}
