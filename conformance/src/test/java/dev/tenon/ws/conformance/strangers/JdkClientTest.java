package dev.tenon.ws.conformance.strangers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.zip.CRC32;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The JDK's WebSocket client against Tenon's server, with and without TLS. */
@TestInstance(Lifecycle.PER_CLASS)
class JdkClientTest {
    private @Nullable EchoServer plain;
    private @Nullable EchoServer secure;
    private @Nullable HttpClient http;
    private RecordingListener listener = new RecordingListener();
    private @Nullable WebSocket socket;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        SSLContext context = TestKey.in(directory).context();
        plain = new EchoServer(null);
        secure = new EchoServer(context);
        begin(context);
    }

    /** Starts what all connections share. */
    void begin(SSLContext trusted) throws Exception {
        http = HttpClient.newBuilder().sslContext(trusted).build();
    }

    /** Ends it. */
    void end() {}

    WebSocket.Builder builder() {
        return Objects.requireNonNull(http, "not started").newWebSocketBuilder();
    }

    /** Returns the reason in the response to the server's Close frame. */
    String reasonOfTheResponse() {
        return "";
    }

    @AfterAll
    void stop() {
        end();
        for (EchoServer server : new EchoServer[] {plain, secure}) {
            if (server != null) {
                server.close();
            }
        }
    }

    @BeforeEach
    void forgetTheEventsOfEarlierTests() {
        listener = new RecordingListener();
    }

    @AfterEach
    void abort() {
        if (socket != null) {
            socket.abort();
        }
    }

    private EchoServer server(String scheme) {
        EchoServer server = scheme.equals("wss") ? secure : plain;
        if (server == null) {
            throw new IllegalStateException("not started");
        }
        return server;
    }

    private WebSocket connect(String scheme, String path, String... subprotocols) {
        WebSocket.Builder builder = builder();
        if (subprotocols.length > 0) {
            builder.subprotocols(subprotocols[0], java.util.Arrays.copyOfRange(subprotocols, 1, subprotocols.length));
        }
        WebSocket connected = builder.buildAsync(URI.create(server(scheme).url(scheme) + path), listener)
                .join();
        socket = connected;
        return connected;
    }

    @ParameterizedTest
    @ValueSource(strings = {"ws", "wss"})
    void textComesBackAsText(String scheme) throws Exception {
        connect(scheme, "/ws").sendText("Grüße, 世界 🪵", true).join();
        assertEquals("text Grüße, 世界 🪵", listener.events.next());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ws", "wss"})
    void aMessageInFragmentsIsOneMessage(String scheme) throws Exception {
        WebSocket client = connect(scheme, "/ws");
        client.sendText("one ", false).join();
        client.sendPing(ByteBuffer.wrap("between".getBytes(UTF_8))).join();
        client.sendText("", false).join();
        client.sendText("message", true).join();
        assertEquals("pong between", listener.events.next());
        assertEquals("text one message", listener.events.next());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ws", "wss"})
    void binaryOfEveryLengthFormComesBack(String scheme) throws Exception {
        WebSocket client = connect(scheme, "/ws");
        for (int length : new int[] {0, 1, 125, 126, 65_535, 65_536, 5_000_000}) {
            byte[] bytes = new byte[length];
            new Random(length).nextBytes(bytes);
            client.sendBinary(ByteBuffer.wrap(bytes), true).join();
            assertEquals(RecordingListener.binary(bytes), listener.events.next());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ws", "wss"})
    void theServersPingIsAnswered(String scheme) throws Exception {
        connect(scheme, "/ws").sendText("ping me", true).join();
        assertEquals("ping marco", listener.events.next());
        assertEquals("pong marco", server(scheme).events.next());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ws", "wss"})
    void theClientCloses(String scheme) throws Exception {
        connect(scheme, "/ws").sendClose(4000, "enough").join();
        assertEquals("close 4000 enough", server(scheme).events.next());
        assertEquals("close 4000 enough", listener.events.next());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ws", "wss"})
    void theServerCloses(String scheme) throws Exception {
        connect(scheme, "/ws").sendText("close me", true).join();
        assertEquals("close 4001 as you wish", listener.events.next());
        assertEquals(
                "close 4001 " + reasonOfTheResponse(), server(scheme).events.next());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ws", "wss"})
    void theServersPreferredSubprotocolIsChosenWhateverTheOrderOfTheClient(String scheme) {
        assertEquals(
                "chat.v2",
                connect(scheme, "/ws", "chat.v9", "chat.v1", "chat.v2").getSubprotocol());
        assertEquals("chat.v2", connect(scheme, "/ws", "chat.v2", "chat.v1").getSubprotocol());
        assertEquals("chat.v1", connect(scheme, "/ws", "chat.v9", "chat.v1").getSubprotocol());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ws", "wss"})
    void aPathWithoutARouteIsRefused(String scheme) {
        CompletionException e = assertThrows(CompletionException.class, () -> connect(scheme, "/elsewhere"));
        WebSocketHandshakeException refused = assertInstanceOf(WebSocketHandshakeException.class, e.getCause());
        assertEquals(404, refused.getResponse().statusCode());
    }

    /** Records whole messages and all other calls as events. */
    private static final class RecordingListener implements WebSocket.Listener {
        final Events events = new Events();
        private final StringBuilder text = new StringBuilder();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        static String binary(byte[] bytes) {
            CRC32 crc = new CRC32();
            crc.update(bytes);
            return "binary " + bytes.length + " " + crc.getValue();
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                events.add("text " + text);
                text.setLength(0);
            }
            webSocket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
            byte[] piece = new byte[data.remaining()];
            data.get(piece);
            bytes.writeBytes(piece);
            if (last) {
                events.add(binary(bytes.toByteArray()));
                bytes.reset();
            }
            webSocket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onPing(WebSocket webSocket, ByteBuffer message) {
            events.add("ping " + UTF_8.decode(message.duplicate()));
            webSocket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onPong(WebSocket webSocket, ByteBuffer message) {
            events.add("pong " + UTF_8.decode(message.duplicate()));
            webSocket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
            events.add("close " + statusCode + " " + reason);
            return null;
        }

        @Override
        public void onError(WebSocket webSocket, Throwable error) {
            events.add("error " + error);
        }
    }
}
