package compare;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tenon.keys.TestKey;
import dev.tenon.ws.client.ClientTls;
import dev.tenon.ws.client.ConnectRequest;
import dev.tenon.ws.client.WebSocketClient;
import dev.tenon.ws.connection.Inbox;
import dev.tenon.ws.connection.Incoming;
import dev.tenon.ws.connection.Message;
import dev.tenon.ws.connection.MessageType;
import dev.tenon.ws.handshake.HandshakeException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The programs for other servers do the same as those of README.md. Each runs in a process of its own. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("once")
class ComparisonTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Path NODE_MODULES = Path.of("../../conformance/src/node/node_modules");
    private static final Path UWS_PROGRAMS = Path.of("target/uws");

    enum Host {
        JAVALIN,
        JETTY,
        HELIDON,
        NODE,
        UWS;

        boolean runs(String program) throws Exception {
            return switch (this) {
                case HELIDON -> Runtime.version().feature() >= 21;
                case NODE -> Files.isDirectory(NODE_MODULES.resolve("ws")) && succeeds("node", "--version");
                case UWS -> Files.isExecutable(UWS_PROGRAMS.resolve(file(program)));
                case JAVALIN, JETTY -> true;
            };
        }

        private static boolean succeeds(String... command) throws InterruptedException {
            try {
                return new ProcessBuilder(command)
                                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                                .start()
                                .waitFor()
                        == 0;
            } catch (IOException notHere) {
                return false;
            }
        }

        List<String> command(String program) {
            if (this == NODE) {
                return List.of("node", "src/node/" + file(program) + ".js");
            }
            if (this == UWS) {
                return List.of(UWS_PROGRAMS.resolve(file(program)).toString());
            }
            String java =
                    Path.of(System.getProperty("java.home"), "bin", "java").toString();
            String name = "compare." + name().toLowerCase(Locale.ROOT) + "." + program;
            return List.of(java, "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), name);
        }

        private static String file(String program) {
            return program.equals("BlockingEcho") ? "echo" : program.toLowerCase(Locale.ROOT);
        }
    }

    @TempDir
    Path folder;

    private WebSocketClient client;
    private Process process;
    private int port;

    @BeforeEach
    void open() throws IOException {
        client = WebSocketClient.builder().proxy(null).handshakeTimeout(TIMEOUT).build();
    }

    @AfterEach
    void close() throws InterruptedException {
        client.close();
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
    }

    /** Starts a program and waits until it listens. */
    private void start(Host host, String program, String... arguments) throws Exception {
        assumeTrue(host.runs(program), host + " cannot run " + program + " here");
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        List<String> command = new ArrayList<>(host.command(program));
        command.add(Integer.toString(port));
        command.addAll(Arrays.asList(arguments));
        Path log = folder.resolve("log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("NODE_PATH", NODE_MODULES.toAbsolutePath().toString());
        process = builder.start();
        long end = System.nanoTime() + TIMEOUT.toNanos();
        while (!listens()) {
            assertTrue(process.isAlive() && System.nanoTime() < end, () -> host + " " + program + ": " + text(log));
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private boolean listens() throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (java.net.ConnectException notYet) {
            return false;
        }
    }

    private static String text(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private Inbox join(String path, String... header) throws Exception {
        ConnectRequest request = ConnectRequest.to("ws://127.0.0.1:" + port + path);
        return client.openInbox(header.length == 0 ? request : request.withHeader(header[0], header[1]));
    }

    private static String text(Inbox inbox) throws Exception {
        return ((Incoming.Text) inbox.receive(TIMEOUT)).text();
    }

    @ParameterizedTest
    @EnumSource
    void chat(Host host) throws Exception {
        start(host, "Chat");
        try (Inbox ada = join("/rooms/oak");
                Inbox bob = join("/rooms/oak");
                Inbox eve = join("/rooms/elm")) {
            eve.webSocket().sendText("anybody?");
            assertEquals("anybody?", text(eve));
            bob.webSocket().sendText("here");
            assertEquals("here", text(bob));
            ada.webSocket().sendText("hello");
            assertEquals("hello", text(bob));
        }
    }

    @ParameterizedTest
    @EnumSource
    void login(Host host) throws Exception {
        start(host, "Login");
        try (Inbox known = join("/chat", "Cookie", "theme=dark; sid=s3cret")) {
            assertEquals("Hello, Ada", text(known));
        }
        HandshakeException refused = assertThrows(HandshakeException.class, () -> join("/chat"));
        assertEquals(host == Host.HELIDON ? 400 : 401, refused.status());
    }

    @ParameterizedTest
    @EnumSource
    void quotes(Host host) throws Exception {
        start(host, "Quotes");
        try (Inbox inbox = join("/quotes")) {
            inbox.webSocket().sendText("{\"id\":7,\"symbol\":\"ACME\"}");
            assertEquals(
                    "{\"id\":7,\"price\":4", text(inbox).replace(".0}", "}").replace("}", ""));
        }
    }

    @ParameterizedTest
    @EnumSource
    void echo(Host host) throws Exception {
        start(host, "BlockingEcho");
        try (Inbox inbox = join("/echo")) {
            inbox.webSocket().sendText("one");
            inbox.webSocket().sendText("two");
            assertEquals("one", text(inbox));
            assertEquals("two", text(inbox));
        }
    }

    @ParameterizedTest
    @EnumSource
    void upload(Host host) throws Exception {
        byte[] bytes = new byte[1 << 20];
        new Random(1).nextBytes(bytes);
        Path target = Files.createDirectory(folder.resolve("uploads"));
        start(host, "Upload", target.toString());
        try (Inbox inbox = join("/upload")) {
            for (int at = 0; at < bytes.length; at += 1 << 16) {
                boolean last = at + (1 << 16) == bytes.length;
                inbox.webSocket()
                        .sendBlocking(Message.piece(MessageType.BINARY, ByteBuffer.wrap(bytes, at, 1 << 16), last));
            }
            assertEquals(
                    1000, ((Incoming.End) inbox.receive(TIMEOUT)).event().code().value());
        }
        try (Stream<Path> files = Files.list(target)) {
            assertArrayEquals(bytes, Files.readAllBytes(files.findFirst().orElseThrow()));
        }
    }

    private static String pem(String label, byte[] bytes) {
        return "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder().encodeToString(bytes) + "\n-----END " + label
                + "-----\n";
    }

    @ParameterizedTest
    @EnumSource
    void secure(Host host) throws Exception {
        TestKey key = TestKey.make(folder, "example.org");
        Path chain = Files.writeString(
                folder.resolve("chain.pem"),
                pem("CERTIFICATE", key.certificate().getEncoded()));
        Path own = Files.writeString(
                folder.resolve("key.pem"), pem("PRIVATE KEY", key.privateKey().getEncoded()));
        boolean readsPem = host == Host.NODE || host == Host.HELIDON || host == Host.UWS;
        start(
                host,
                "Secure",
                readsPem ? chain.toString() : key.file().toString(),
                readsPem ? own.toString() : TestKey.PASSWORD);
        HttpRequest health = HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + "/health"))
                .build();
        HttpResponse<String> response = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(TestKey.withoutKey(key))
                .build()
                .send(health, HttpResponse.BodyHandlers.ofString());
        assertEquals("200 ok\n", response.statusCode() + " " + response.body());
        ClientTls tls = ClientTls.pem(chain);
        ConnectRequest echo =
                ConnectRequest.to("wss://127.0.0.1:" + port + "/echo").with(options -> options.tls(tls));
        try (Inbox inbox = client.openInbox(echo)) {
            inbox.webSocket().sendText("hello");
            assertEquals("hello", text(inbox));
        }
    }
}
