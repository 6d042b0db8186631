package dev.tenon.ws.examples.programs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.keys.TestKey;
import dev.tenon.ws.client.ClientTls;
import dev.tenon.ws.client.ConnectRequest;
import dev.tenon.ws.client.ReconnectingWebSocket;
import dev.tenon.ws.client.WebSocketClient;
import dev.tenon.ws.connection.Inbox;
import dev.tenon.ws.connection.Incoming;
import dev.tenon.ws.connection.Message;
import dev.tenon.ws.connection.MessageType;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.server.RouteBuilder;
import dev.tenon.ws.server.ServerTls;
import dev.tenon.ws.server.WebSocketServer;
import dev.tenon.ws.topics.ClusterTopics;
import dev.tenon.ws.topics.LocalPresence;
import dev.tenon.ws.topics.SlowSubscriber;
import dev.tenon.ws.topics.Topics;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.HttpsURLConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs the programs of README.md. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ProgramsTest {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private WebSocketClient client;

    @BeforeEach
    void open() throws IOException {
        client = WebSocketClient.builder().proxy(null).connectsPerHost(8).build();
    }

    @AfterEach
    void close() {
        client.close();
        threads.shutdownNow();
    }

    private static WebSocketServer start(Consumer<RouteBuilder<?>> routes) throws IOException {
        return WebSocketServer.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .routes(routes)
                .start();
    }

    private static String uri(WebSocketServer server, String path) {
        return "ws://127.0.0.1:" + server.port() + path;
    }

    private Inbox join(WebSocketServer server, String path) throws Exception {
        return client.openInbox(uri(server, path));
    }

    private static String text(Inbox inbox) throws Exception {
        return ((Incoming.Text) inbox.receive(Duration.ofSeconds(30))).text();
    }

    @Test
    void aMessageReachesItsRoomAndNoOtherRoom() throws Exception {
        try (WebSocketServer server = start(Chat::routes);
                Inbox ada = join(server, "/rooms/oak");
                Inbox bob = join(server, "/rooms/oak");
                Inbox eve = join(server, "/rooms/elm")) {
            ada.webSocket().sendText("hello");
            assertEquals("hello", text(ada));
            assertEquals("hello", text(bob));
            eve.webSocket().sendText("anybody?");
            assertEquals("anybody?", text(eve));
        }
    }

    @Test
    void theOthersAreNotifiedWhoEntersAndWhoLeaves() throws Exception {
        Topics rooms = Topics.of(SlowSubscriber.CLOSE);
        try (LocalPresence presence = LocalPresence.create();
                WebSocketServer server = start(routes -> Members.routes(routes, rooms, presence));
                Inbox ada = join(server, "/lobby/oak?name=Ada")) {
            URL page = new URL("http://127.0.0.1:" + server.port() + "/lobby/oak/members");
            try (Inbox bob = join(server, "/lobby/oak?name=Bob")) {
                assertEquals("Bob has come", text(ada));
                assertEquals("Ada\nBob", page(page));
                bob.webSocket().sendText("hello");
                ada.webSocket().sendText("hello, Bob");
                assertEquals("Bob: hello", text(ada));
                assertEquals("Ada: hello, Bob", text(bob));
            }
            assertEquals("Bob has left", text(ada));
            HandshakeException refused = assertThrows(HandshakeException.class, () -> join(server, "/lobby/oak"));
            assertEquals(400, refused.status());
        }
    }

    private static String page(URL page) throws IOException {
        try (InputStream body = page.openStream()) {
            return Stream.of(new String(body.readAllBytes(), UTF_8).split("\n"))
                    .sorted()
                    .collect(Collectors.joining("\n"));
        }
    }

    @Test
    void aUserStoreMayTakeItsTime() throws Exception {
        CompletableFuture<String> slow = new CompletableFuture<>();
        Login.UserStore users = Map.of("s3cret", slow, "old", CompletableFuture.<String>completedFuture(null))::get;
        try (WebSocketServer server = start(routes -> Login.routes(routes, users))) {
            ConnectRequest known =
                    ConnectRequest.to(uri(server, "/chat")).withHeader("Cookie", "theme=dark; sid=s3cret");
            Inbox inbox = Inbox.create();
            CompletableFuture<WebSocket> connected = client.connect(known, inbox);
            HandshakeException refused = assertThrows(HandshakeException.class, () -> join(server, "/chat"));
            assertEquals(401, refused.status());
            ConnectRequest old = ConnectRequest.to(uri(server, "/chat")).withHeader("Cookie", "sid=old");
            assertEquals(401, refusal(client.connect(old, Inbox.create())));
            slow.complete("Ada");
            connected.get(30, TimeUnit.SECONDS);
            assertEquals("Hello, Ada", text(inbox));
        }
    }

    private static int refusal(CompletableFuture<WebSocket> connect) {
        Throwable failure = assertThrows(ExecutionException.class, () -> connect.get(30, TimeUnit.SECONDS));
        return ((HandshakeException) failure.getCause()).status();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", ":7", "epoch:"})
    void aMalformedPositionIsRefused(String after) throws Exception {
        try (WebSocketServer server = start(News::routes)) {
            ConnectRequest request = ConnectRequest.to(uri(server, "/news?after=" + after));
            assertEquals(400, refusal(client.connect(request, Inbox.create())));
        }
    }

    @Test
    void aReaderThatWasCutOffGetsWhatItHasMissed() throws Exception {
        BlockingQueue<String> read = new LinkedBlockingQueue<>();
        BlockingQueue<ClusterTopics> news = new LinkedBlockingQueue<>();
        try (WebSocketServer server = start(routes -> news.add(News.routes(routes)))) {
            ClusterTopics topics = news.take();
            try (ReconnectingWebSocket reader = NewsReader.follow(client, uri(server, "/news"), read::add)) {
                topics.publishText("news", "lost").toCompletableFuture().get(30, TimeUnit.SECONDS);
                for (int i = 1; topics.size("news") == 0; i++) {
                    assertTrue(i < 3000, "no subscriber");
                    TimeUnit.MILLISECONDS.sleep(10);
                }
                topics.publishText("news", "one");
                assertEquals("one", read.poll(30, TimeUnit.SECONDS));
                reader.webSocket().orElseThrow().abort();
                topics.publishText("news", "two");
                assertEquals("two", read.poll(60, TimeUnit.SECONDS));
                topics.publishText("news", "three");
                assertEquals("three", read.poll(30, TimeUnit.SECONDS));
            }
        }
    }

    @Test
    void aQuestionInJsonIsAnsweredInJson() throws Exception {
        try (WebSocketServer server = start(routes -> Quotes.routes(routes, symbol -> symbol.length()));
                Inbox inbox = join(server, "/quotes")) {
            inbox.webSocket().sendText("{\"id\":7,\"symbol\":\"ACME\"}");
            assertEquals("{\"id\":7,\"price\":4.0}", text(inbox));
            inbox.webSocket().sendText("{");
            assertEquals(
                    1007,
                    ((Incoming.End) inbox.receive(Duration.ofSeconds(30)))
                            .event()
                            .code()
                            .value());
        }
    }

    @Test
    void anUploadEqualsTheSentFile(@TempDir Path folder) throws Exception {
        byte[] bytes = new byte[10 << 20];
        new Random(1).nextBytes(bytes);
        try (WebSocketServer server = start(routes -> Upload.routes(routes, folder, threads));
                Inbox inbox = join(server, "/upload")) {
            for (int at = 0; at < bytes.length; at += 1 << 16) {
                boolean last = at + (1 << 16) == bytes.length;
                inbox.webSocket()
                        .sendBlocking(Message.piece(MessageType.BINARY, ByteBuffer.wrap(bytes, at, 1 << 16), last));
            }
            assertEquals(
                    1000,
                    ((Incoming.End) inbox.receive(Duration.ofSeconds(60)))
                            .event()
                            .code()
                            .value());
            try (Stream<Path> files = Files.list(folder)) {
                List<Path> stored = files.toList();
                assertEquals(1, stored.size());
                assertArrayEquals(bytes, Files.readAllBytes(stored.get(0)));
            }
        }
    }

    @Test
    void anEchoMayWait() throws Exception {
        try (WebSocketServer server = start(routes -> BlockingEcho.routes(routes, threads));
                Inbox inbox = join(server, "/echo")) {
            inbox.webSocket().sendText("one");
            inbox.webSocket().sendText("two");
            assertEquals("one", text(inbox));
            assertEquals("two", text(inbox));
        }
    }

    private static String pem(String label, byte[] bytes) {
        return "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder().encodeToString(bytes) + "\n-----END " + label
                + "-----\n";
    }

    @Test
    void theHealthPageWorksOverTls(@TempDir Path folder) throws Exception {
        TestKey key = TestKey.make(folder, "example.org");
        Path chain = Files.writeString(
                folder.resolve("chain.pem"),
                pem("CERTIFICATE", key.certificate().getEncoded()));
        Path own = Files.writeString(
                folder.resolve("key.pem"), pem("PRIVATE KEY", key.privateKey().getEncoded()));
        try (WebSocketServer server = WebSocketServer.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), ServerTls.pem(chain, own))
                .routes(Secure::routes)
                .start()) {
            HttpsURLConnection health =
                    (HttpsURLConnection) new URL("https://127.0.0.1:" + server.port() + "/health").openConnection();
            health.setSSLSocketFactory(TestKey.withoutKey(key).getSocketFactory());
            try (InputStream body = health.getInputStream()) {
                assertEquals("ok\n", new String(body.readAllBytes(), UTF_8));
            }
            ConnectRequest room = ConnectRequest.to("wss://127.0.0.1:" + server.port() + "/rooms/oak")
                    .with(options -> options.tls(trust(chain)));
            try (Inbox inbox = client.openInbox(room)) {
                inbox.webSocket().sendText("hello");
                assertEquals("hello", text(inbox));
            }
        }
    }

    private static ClientTls trust(Path chain) {
        try {
            return ClientTls.pem(chain);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
