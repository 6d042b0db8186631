package dev.tenon.ws.conformance.strangers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tenon.ws.client.ConnectRequest;
import dev.tenon.ws.client.WebSocketClient;
import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.connection.MessageType;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.frame.CloseCode;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.extensions.permessage_deflate.PerMessageDeflateExtension;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.protocols.Protocol;
import org.java_websocket.server.DefaultSSLWebSocketServerFactory;
import org.java_websocket.server.WebSocketServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tenon's client against the server of Java-WebSocket, in the clear and over TLS, with permessage-deflate. */
@TestInstance(Lifecycle.PER_CLASS)
class ForeignServerTest {
    private @Nullable Foreign plain;
    private @Nullable Foreign secure;
    private @Nullable WebSocketClient client;
    private final Heard heard = new Heard();

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        SSLContext context = TestKey.in(directory).context();
        plain = new Foreign();
        secure = new Foreign();
        secure.setWebSocketFactory(new DefaultSSLWebSocketServerFactory(context));
        for (Foreign server : new Foreign[] {plain, secure}) {
            server.setReuseAddr(true);
            server.start();
            server.started.await(20, TimeUnit.SECONDS);
        }
        client = WebSocketClient.builder()
                .tls(context)
                .options(
                        ConnectionOptions.DEFAULT.withMaxMessageLength(16 << 20).withOutbound(16 << 20, 64 << 20))
                .build();
    }

    @AfterAll
    void stop() throws InterruptedException {
        if (client != null) {
            client.close();
        }
        for (Foreign server : new Foreign[] {plain, secure}) {
            if (server != null) {
                server.stop(1_000);
            }
        }
    }

    private WebSocket connect(String scheme) {
        Foreign server = scheme.equals("wss") ? secure : plain;
        if (client == null || server == null) {
            throw new IllegalStateException("not started");
        }
        ConnectRequest request = ConnectRequest.to(scheme + "://127.0.0.1:" + server.getPort() + "/any")
                .withSubprotocols("chat.v1");
        return client.connect(request, heard).join();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ws", "wss"})
    void deflateAndTheSubprotocolAreAgreedOn(String scheme) {
        WebSocket socket = connect(scheme);
        assertEquals(
                List.of("permessage-deflate"),
                socket.extensions().stream().map(extension -> extension.name()).toList());
        assertEquals("chat.v1", socket.subprotocol());
        socket.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ws", "wss"})
    void textOfAnyLengthComesBack(String scheme) throws Exception {
        WebSocket socket = connect(scheme);
        for (String text : List.of("", "Grüße, 世界 🪵", "a long line, said again. ".repeat(40_000))) {
            socket.sendText(text);
            assertEquals("text " + text, heard.events.next());
        }
        socket.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ws", "wss"})
    void binaryOfEveryLengthFormComesBack(String scheme) throws Exception {
        WebSocket socket = connect(scheme);
        for (int length : new int[] {0, 1, 125, 126, 65_535, 65_536, 3_000_000}) {
            byte[] bytes = new byte[length];
            new Random(length).nextBytes(bytes);
            socket.sendBinary(ByteBuffer.wrap(bytes));
            assertEquals(Heard.binary(ByteBuffer.wrap(bytes)), heard.events.next());
        }
        socket.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ws", "wss"})
    void piecesOfAMessageArriveAsOne(String scheme) throws Exception {
        WebSocket socket = connect(scheme);
        for (String piece : List.of("one ", "mess", "age")) {
            socket.sendPiece(
                    MessageType.TEXT, ByteBuffer.wrap(piece.getBytes(StandardCharsets.UTF_8)), piece.equals("age"));
        }
        assertEquals("text one message", heard.events.next());
        socket.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ws", "wss"})
    void aPingIsAnswered(String scheme) throws Exception {
        WebSocket socket = connect(scheme);
        socket.sendPing(ByteBuffer.wrap("marco".getBytes(StandardCharsets.UTF_8)));
        assertEquals("pong marco", heard.events.next());
        socket.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ws", "wss"})
    void eitherSideCloses(String scheme) throws Exception {
        connect(scheme).close(new CloseCode(4000), "enough");
        assertEquals("close 4000 enough", heard.events.next());
        connect(scheme).sendText("close me");
        assertEquals("close 4001 as you wish", heard.events.next());
    }

    @Test
    void aCertificateThatNobodyTrustsFailsTheConnect() throws Exception {
        if (secure == null) {
            throw new IllegalStateException("not started");
        }
        String uri = "wss://127.0.0.1:" + secure.getPort() + "/";
        try (WebSocketClient strict = WebSocketClient.create()) {
            CompletionException e = assertThrows(
                    CompletionException.class, () -> strict.connect(uri, heard).join());
            assertInstanceOf(SSLException.class, e.getCause());
        }
    }

    private static final class Heard implements WebSocketListener {
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
            if (event.code().value() != 1000) { // the end of a test is not what it is about
                events.add("close " + event.code() + " " + event.reason() + (event.wasClean() ? "" : " unclean"));
            }
        }
    }

    /** An echo by somebody else. */
    private static final class Foreign extends WebSocketServer {
        final CountDownLatch started = new CountDownLatch(1);

        Foreign() {
            super(
                    new InetSocketAddress("127.0.0.1", 0),
                    1,
                    List.of(new Draft_6455(
                            List.of(new PerMessageDeflateExtension()), List.of(new Protocol("chat.v1")))));
        }

        @Override
        public void onStart() {
            started.countDown();
        }

        @Override
        public void onOpen(org.java_websocket.WebSocket connection, ClientHandshake handshake) {}

        @Override
        public void onMessage(org.java_websocket.WebSocket connection, String message) {
            if (message.equals("close me")) {
                connection.close(4001, "as you wish");
            } else {
                connection.send(message);
            }
        }

        @Override
        public void onMessage(org.java_websocket.WebSocket connection, ByteBuffer message) {
            connection.send(message);
        }

        @Override
        public void onClose(org.java_websocket.WebSocket connection, int code, String reason, boolean remote) {}

        @Override
        public void onError(org.java_websocket.@Nullable WebSocket connection, Exception error) {}
    }
}
