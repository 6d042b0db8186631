package dev.tenon.ws.conformance.strangers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.client.WebSocketClient;
import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.deflate.DeflateOptions;
import dev.tenon.ws.deflate.MemoryMode;
import dev.tenon.ws.deflate.PermessageDeflate;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.frame.CloseCode;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Node's ws, which compresses with native windows of every size, as client and as server. */
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NodeWsTest {
    private static final ConnectionOptions LARGE =
            ConnectionOptions.DEFAULT.withMaxMessageLength(16 << 20).withOutbound(16 << 20, 64 << 20);
    private static final String WHATEVER = "{\"perMessageDeflate\":{\"threshold\":0}}";
    private static final Pattern TRAFFIC = Pattern.compile("received (\\d+) sent (\\d+)");
    /** The bytes of the messages of either end, without compression. */
    private static final int ALL_BYTES = 701_848;

    private NodeWs node;

    /**
     * The parameters that two ends agree on.
     *
     * @param serverForgets whether the server's messages are compressed without context takeover
     * @param clientForgets whether the client's messages are
     */
    private record Deflate(int serverBits, int clientBits, boolean serverForgets, boolean clientForgets) {
        /** Returns the parameters as options of ws. */
        String node() {
            return "{\"perMessageDeflate\":{\"threshold\":0,\"serverMaxWindowBits\":" + serverBits
                    + ",\"clientMaxWindowBits\":" + clientBits
                    + (serverForgets ? ",\"serverNoContextTakeover\":true" : "")
                    + (clientForgets ? ",\"clientNoContextTakeover\":true" : "") + "}}";
        }

        /** Returns parameters with the client window that a server requests by default: 4 KiB at most. */
        Deflate withClientBits(int bits) {
            return new Deflate(serverBits, bits, serverForgets, clientForgets);
        }

        Extensions server() {
            return extensions(!serverForgets, !clientForgets, serverBits, clientBits);
        }

        Extensions client() {
            return extensions(!clientForgets, !serverForgets, clientBits, serverBits);
        }

        private Extensions extensions(boolean outbound, boolean inbound, int outboundBits, int inboundBits) {
            return NodeWsTest.extensions(DeflateOptions.defaults()
                    .withTakeover(outbound, inbound)
                    .withWindowBits(outboundBits, inboundBits)
                    .withMemory(serverBits % 2 == 0 ? MemoryMode.DEDICATED : MemoryMode.POOLED));
        }
    }

    private static Extensions extensions(DeflateOptions options) {
        return Extensions.of(new PermessageDeflate(options.withMinimumSize(0)));
    }

    private static final Extensions ANYTHING =
            extensions(DeflateOptions.defaults().withTakeover(true, true).withOutboundContext(1 << 15));

    /** Returns every window in each direction, with and without takeover in each. */
    static Stream<Deflate> agreements() {
        return IntStream.rangeClosed(8, 15)
                .boxed()
                .flatMap(bits -> IntStream.range(0, 4)
                        .mapToObj(flags -> new Deflate(bits, 23 - bits, (flags & 1) != 0, (flags & 2) != 0)));
    }

    @BeforeAll
    void start() throws Exception {
        node = new NodeWs();
    }

    @AfterAll
    void stop() throws Exception {
        if (node != null) {
            node.close();
        }
    }

    // Its client, our server

    @Test
    void itsClientIsUnderstoodWithoutCompression() throws Exception {
        try (EchoServer server = new EchoServer(null, ANYTHING)) {
            String line = converse(server, "{\"perMessageDeflate\":false}");
            assertTrue(line.endsWith("agreed none"), line);
            assertTrue(traffic(line, 1) > ALL_BYTES && traffic(line, 2) > ALL_BYTES, line);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"false", "{\"threshold\":0}"})
    void itsClientIsUnderstoodOverTls(String deflate, @TempDir Path folder) throws Exception {
        TestKey key = TestKey.in(folder);
        String authority =
                Base64.getEncoder().encodeToString(key.key().certificate().getEncoded());
        String options = "{\"ca\":\"-----BEGIN CERTIFICATE-----\\n" + authority
                + "\\n-----END CERTIFICATE-----\",\"perMessageDeflate\":" + deflate + "}";
        try (EchoServer server = new EchoServer(key.context(), ANYTHING)) {
            String line = converse(server, "wss", options);
            assertEquals(deflate.equals("false"), line.endsWith("agreed none"), line);
            assertEquals(deflate.equals("false"), traffic(line, 2) > ALL_BYTES, line);
        }
    }

    @ParameterizedTest
    @MethodSource("agreements")
    void theParametersThatItsClientRequestsAreAccepted(Deflate deflate) throws Exception {
        try (EchoServer server = new EchoServer(null, ANYTHING)) {
            assertAgreed(
                    deflate.withClientBits(Math.min(deflate.clientBits(), 12)), converse(server, deflate.node()), true);
        }
    }

    @ParameterizedTest
    @MethodSource("agreements")
    void itsClientUsesTheParametersOfOurServer(Deflate deflate) throws Exception {
        try (EchoServer server = new EchoServer(null, deflate.server())) {
            // the response may limit the server's window only if the offer does
            String offer =
                    "{\"perMessageDeflate\":{\"threshold\":0,\"serverMaxWindowBits\":15,\"clientMaxWindowBits\":15}}";
            String line = converse(server, offer);
            // without takeover the peer's window costs nothing, so it stays unchanged
            assertAgreed(deflate, line, !deflate.clientForgets());
        }
    }

    private String converse(EchoServer server, String options) throws Exception {
        return converse(server, "ws", options);
    }

    private String converse(EchoServer server, String scheme, String options) throws Exception {
        String line = node.client(server.url(scheme) + "/ws", options, "converse", "");
        assertTrue(line.startsWith("echoes 18 wrong 0 pong marco closed 4000 enough "), line);
        assertEquals("close 4000 enough", server.events.next());
        return line;
    }

    private static void assertAgreed(Deflate deflate, String line, boolean clientLimited) {
        assertTrue(line.contains("agreed permessage-deflate"), line);
        assertEquals(deflate.serverForgets(), line.contains("server_no_context_takeover"), line);
        assertEquals(deflate.clientForgets(), line.contains("client_no_context_takeover"), line);
        assertTrue(line.matches(".*server_max_window_bits=" + deflate.serverBits() + "(;.*)?"), line);
        boolean limit = clientLimited && deflate.clientBits() < 15;
        assertEquals(limit, line.matches(".*client_max_window_bits=" + deflate.clientBits() + "(;.*)?"), line);
        assertTrue(traffic(line, 1) < ALL_BYTES && traffic(line, 2) < ALL_BYTES, line);
    }

    private static int traffic(String line, int group) {
        Matcher traffic = TRAFFIC.matcher(line);
        assertTrue(traffic.find(), line);
        return Integer.parseInt(traffic.group(group));
    }

    @ParameterizedTest
    @ValueSource(
            ints = {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999})
    void everyCloseCodePassesBothWays(int code) throws Exception {
        try (EchoServer server = new EchoServer(null, ANYTHING)) {
            String url = server.url("ws") + "/ws";
            String line = node.client(url, WHATEVER, "close", code + ",\"why not\"");
            assertTrue(line.startsWith("closed " + code), line);
            assertEquals("close " + code + " why not", server.events.next());
            line = node.client(url, WHATEVER, "tell", "\"close with " + code + "\"");
            assertTrue(line.startsWith("heard none closed " + code + " why not "), line);
            assertEquals("close " + code + " why not", server.events.next().strip());
        }
        RecordingListener listener = new RecordingListener();
        try (WebSocketClient client = client(ANYTHING)) {
            client.connect(node.url(WHATEVER), listener).join().close(new CloseCode(code), "why not");
            String line = node.next();
            assertTrue(line.startsWith("closed " + code + " why not "), line);
            assertTrue(listener.events.next().startsWith("close " + code));
            client.connect(node.url(WHATEVER), listener).join().sendText("close " + code + " why not");
            assertEquals("close " + code + " why not", listener.events.next());
            line = node.next();
            assertTrue(line.startsWith("closed " + code), line);
        }
    }

    @Test
    void aCloseWithoutACodePassesBothWays() throws Exception {
        try (EchoServer server = new EchoServer(null, ANYTHING)) {
            String line = node.client(server.url("ws") + "/ws", WHATEVER, "close", "");
            assertTrue(line.startsWith("closed 1005 "), line);
            assertEquals("close 1005 ", server.events.next());
        }
        RecordingListener listener = new RecordingListener();
        try (WebSocketClient client = client(ANYTHING)) {
            client.connect(node.url(WHATEVER), listener).join().sendText("close");
            assertEquals("close 1005 ", listener.events.next());
            assertTrue(node.next().startsWith("closed 1005 "));
        }
    }

    @Test
    void aPingOfOurServerIsAnswered() throws Exception {
        try (EchoServer server = new EchoServer(null, ANYTHING)) {
            node.command(server.url("ws") + "/ws", WHATEVER, "tell", "\"ping me\"");
            assertEquals("pong marco", server.events.next());
        }
        assertTrue(node.next().startsWith("heard none closed 1001 "));
    }

    @Test
    void aMessageThatInflatesToTooMuchIsAnsweredWith1009() throws Exception {
        try (EchoServer server = new EchoServer(null, ANYTHING)) {
            String line = node.client(server.url("ws") + "/ws", WHATEVER, "bomb", "16777217");
            assertTrue(line.startsWith("closed 1009 "), line);
            assertTrue(traffic(line, 2) < 100_000, line);
        }
        RecordingListener listener = new RecordingListener();
        try (WebSocketClient client = client(ANYTHING)) {
            String small = "{\"maxPayload\":1000,\"perMessageDeflate\":{\"threshold\":0}}";
            client.connect(node.url(small), listener).join().sendBinary(ByteBuffer.allocate(2000));
            assertTrue(listener.events.next().startsWith("close 1009"));
            assertTrue(node.next().startsWith("error WS_ERR_UNSUPPORTED_MESSAGE_LENGTH"));
            assertTrue(node.next().startsWith("closed 1006"));
        }
    }

    // Our client, its server

    @Test
    void itsServerIsUnderstoodWithoutCompression() throws Exception {
        assertTrue(converse(ANYTHING, "{\"perMessageDeflate\":false}").isEmpty());
        assertTrue(converse(Extensions.none(), WHATEVER).isEmpty());
    }

    @ParameterizedTest
    @MethodSource("agreements")
    void theParametersThatOurClientRequestsAreAccepted(Deflate deflate) throws Exception {
        String agreed = converse(deflate.client(), WHATEVER);
        assertEquals(deflate.serverForgets(), agreed.contains("server_no_context_takeover"), agreed);
        assertEquals(deflate.clientForgets(), agreed.contains("client_no_context_takeover"), agreed);
        boolean limit = !deflate.serverForgets() && deflate.serverBits() < 15;
        assertEquals(limit, agreed.contains("server_max_window_bits=" + deflate.serverBits()), agreed);
        assertEquals(
                deflate.clientBits() < 15, agreed.contains("client_max_window_bits=" + deflate.clientBits()), agreed);
    }

    @ParameterizedTest
    @MethodSource("agreements")
    void ourClientUsesTheParametersOfItsServer(Deflate deflate) throws Exception {
        String agreed = converse(ANYTHING, deflate.node());
        assertEquals(deflate.serverForgets(), agreed.contains("server_no_context_takeover"), agreed);
        assertEquals(deflate.clientForgets(), agreed.contains("client_no_context_takeover"), agreed);
        assertTrue(agreed.contains("server_max_window_bits=" + deflate.serverBits()), agreed);
        assertTrue(agreed.contains("client_max_window_bits=" + deflate.clientBits()), agreed);
    }

    private static WebSocketClient client(Extensions extensions) throws Exception {
        return WebSocketClient.builder().options(LARGE).extensions(extensions).build();
    }

    /** Sends all messages, compares the echoes, pings in both directions, closes; returns the negotiated extensions. */
    private String converse(Extensions extensions, String options) throws Exception {
        RecordingListener listener = new RecordingListener();
        try (WebSocketClient client = client(extensions)) {
            WebSocket socket = client.connect(node.url(options), listener).join();
            List<Object> messages = messages();
            for (Object message : messages) {
                if (message instanceof String text) {
                    socket.sendText(text);
                } else {
                    socket.sendBinary(ByteBuffer.wrap((byte[]) message));
                }
            }
            for (Object message : messages) {
                assertEquals(RecordingListener.summary(message), listener.events.next());
            }
            socket.sendPing(ByteBuffer.wrap("marco".getBytes(UTF_8)));
            assertEquals("pong marco", listener.events.next());
            socket.sendText("ping polo");
            assertEquals(RecordingListener.summary("pong polo"), listener.events.next());
            String agreed = socket.extensions().isEmpty()
                    ? ""
                    : socket.extensions().get(0).toString();
            socket.close(new CloseCode(4000), "enough");
            String line = node.next();
            assertTrue(line.startsWith("closed 4000 enough "), line);
            boolean less = !agreed.isEmpty();
            assertEquals(less, traffic(line, 1) < ALL_BYTES, line);
            assertEquals(less, traffic(line, 2) < ALL_BYTES, line);
            return agreed;
        }
    }

    private static List<Object> messages() {
        Random random = new Random(1);
        List<Object> messages = new ArrayList<>(List.of("", "x", "Gr\u00fc\u00dfe, \u4e16\u754c \ud83e\udeb5"));
        messages.add("Gr\u00fc\u00dfe, \u4e16\u754c \ud83e\udeb5 ".repeat(5000));
        for (int length : new int[] {0, 1, 125, 126, 65_535, 65_536, 200_000}) {
            messages.add(echoes(length, random));
        }
        for (int length : new int[] {1, 126, 65_536, 200_000}) {
            messages.add(noise(length, random));
        }
        byte[] again = noise(200, random);
        messages.addAll(List.of(again, again, again));
        return messages;
    }

    private static byte[] noise(int length, Random random) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Returns data with repetitions at any distance up to 40,000 bytes. */
    private static byte[] echoes(int length, Random random) {
        byte[] bytes = noise(length, random);
        for (int at = 0; at < length; ) {
            int to = Math.min(length, at + 1 + random.nextInt(200));
            int distance = 1 + random.nextInt(40_000);
            for (; at < to; at++) {
                bytes[at] = at < distance ? bytes[at] : bytes[at - distance];
            }
        }
        return bytes;
    }

    private static final class RecordingListener implements WebSocketListener {
        final Events events = new Events();

        static String summary(Object message) {
            return message instanceof String text
                    ? "text " + text.length() + " " + text.hashCode()
                    : summary(ByteBuffer.wrap((byte[]) message));
        }

        static String summary(ByteBuffer data) {
            return "binary " + data.remaining() + " " + data.hashCode();
        }

        @Override
        public void onText(WebSocket webSocket, String text) {
            events.add(summary(text));
        }

        @Override
        public void onBinary(WebSocket webSocket, ByteBuffer data) {
            events.add(summary(data));
        }

        @Override
        public void onPong(WebSocket webSocket, ByteBuffer payload) {
            events.add("pong " + UTF_8.decode(payload));
        }

        @Override
        public void onClose(WebSocket webSocket, CloseEvent event) {
            events.add("close " + event.code() + " " + event.reason() + (event.wasClean() ? "" : " unclean"));
        }
    }
}
