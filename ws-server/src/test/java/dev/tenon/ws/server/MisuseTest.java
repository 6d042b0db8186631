package dev.tenon.ws.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.keys.TestKey;
import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.HttpResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Invalid arguments are refused at once, with a sentence that names them and a remedy. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MisuseTest {
    private static final InetSocketAddress ANYWHERE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final Endpoint ECHO = upgrade -> upgrade.accept(new Echo());
    private static final HttpHandler OK = request -> HttpResponse.text(200, "ok\n");

    @TempDir
    Path folder;

    private final WebSocketServerBuilder builder = WebSocketServer.builder().extensions(Extensions.none());

    private static void refused(Class<? extends Exception> type, Executable call, String... parts) {
        Exception thrown = assertThrows(type, call);
        for (String part : parts) {
            assertTrue(String.valueOf(thrown.getMessage()).contains(part), () -> part + " is not in: " + thrown);
        }
    }

    private static void refused(Executable call, String... parts) {
        refused(IllegalArgumentException.class, call, parts);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            chat               | must begin with a slash
            ''                 | must begin with a slash
            /{a}/{a}           | two parameters with the name a
            /{a...}/b          | must be its last segment
            /{a b}             | unlike "a b"
            /{}                | unlike ""
            /x{a}              | must be a whole segment
            /rooms/*           | {name...} all that follow
            /rooms/:room       | a parameter is written {name}
            /rooms/<room>      | a parameter is written {name}
            /rooms?x=1         | queryParameter
            /rooms/../x        | no request can have the segment ".."
            /%zz               | no request can have the segment "%zz"
            """)
    void aMalformedPathIsRefused(String path, String reason) {
        List<Executable> calls = List.of(
                () -> builder.route(path, ECHO),
                () -> builder.get(path, OK),
                () -> builder.readiness(path),
                () -> builder.liveness(path),
                () -> builder.files(path, folder));
        for (Executable call : calls) {
            refused(call, '"' + path + '"', reason);
        }
    }

    @Test
    void aRouteThatAnotherOneExcludesIsRefused() {
        builder.route("/{a}", ECHO).get("/{a}", OK).files("/web", folder).http(OK);
        refused(() -> builder.route("/{b}", ECHO), "\"/{a}\" already", "\"/{b}\"");
        refused(() -> builder.get("/{b}", OK), "\"/{a}\" already");
        refused(() -> builder.readiness("/{b}"), "\"/{a}\" already");
        refused(() -> builder.liveness("/{b}"), "\"/{a}\" already");
        refused(() -> builder.files("/web/", folder), "\"/web/{file...}\" already");
        refused(() -> builder.http(OK), "already");
        builder.post("/{b}", OK).get("/{a}/{b}", OK);
    }

    @Test
    void aMethodThatNoRequestHasIsRefused() {
        refused(() -> builder.handle("get", "/", OK), "write GET, not get");
        refused(() -> builder.handle("CONNECT", "/", OK), "CONNECT");
        builder.handle("purge", "/", OK); // a valid token, but in lower case
    }

    @Test
    @SuppressWarnings("NullAway") // is the test
    void nullIsRefused() {
        Class<NullPointerException> type = NullPointerException.class;
        refused(type, () -> builder.route("/a", null), "the endpoint of \"/a\" is null");
        refused(type, () -> builder.get("/a", null), "the handler of GET \"/a\" is null");
        refused(type, () -> builder.executor(null), "Runnable::run");
        refused(type, () -> builder.extensions(null), "Extensions.none()");
        refused(type, () -> builder.options(o -> null), "returns null");
        refused(type, () -> builder.options((ConnectionOptions) null), "null");
        refused(type, () -> ServerTls.of((javax.net.ssl.SSLContext) null), "null");
        CompletableFuture<Exception> thrown = new CompletableFuture<>();
        try (MemoryServer server = builder.route("/null", upgrade -> {
                    thrown.complete(assertThrows(type, () -> upgrade.accept((WebSocketListener) null)));
                    return upgrade.refuse(400, "null");
                })
                .startInMemory()) {
            assertThrows(HandshakeException.class, () -> server.connect("/null"));
            assertEquals("the listener is null", thrown.join().getMessage());
        }
    }

    @Test
    void numbersAndTimesOutOfRangeAreRefused() {
        refused(() -> builder.loops(0), "event loops", "not 0");
        refused(() -> builder.maxConnections(0), "connections", "not 0");
        refused(() -> builder.maxConnectionsPerAddress(-1), "connections per address", "not -1");
        refused(() -> builder.maxBody(-1), "not -1");
        refused(() -> builder.handle("PUT", "/", OK, route -> route.maxBody(-5)), "not -5");
        refused(() -> builder.handshakeTimeout(Duration.ZERO), "the handshake timeout", "not PT0S");
        refused(() -> builder.responseTimeout(Duration.ofSeconds(-1)), "the response timeout", "not PT-1S");
        refused(() -> builder.options(o -> o.withMaxMessageLength(-1)), "-1");
        refused(() -> builder.listen(-1), "-1");
        refused(() -> builder.listen(70_000), "70000");
        refused(() -> builder.listen(ANYWHERE, listener -> listener.backlog(0)), "0");
        Duration minute = Duration.ofMinutes(1);
        refused(() -> ShutdownOptions.within(minute.negated()), "PT-1M");
        refused(() -> ShutdownOptions.within(minute).withNotice(minute), "leave no time");
        refused(() -> ShutdownOptions.within(minute).withClose(new CloseCode(1006), ""), "1006");
        try (MemoryServer server = builder.startInMemory()) {
            refused(() -> server.advance(minute.negated()), "PT-1M");
        }
    }

    @Test
    void anAddressThatCannotBeListenedOnIsRefused() {
        refused(() -> builder.listen(InetSocketAddress.createUnresolved("no.such.host.invalid", 80)), "is not known");
        InetSocketAddress here = new InetSocketAddress(InetAddress.getLoopbackAddress(), 47_111);
        builder.listen(here).listen(ANYWHERE).listen(ANYWHERE);
        refused(() -> builder.listen(here), here + " already");
        refused(IllegalStateException.class, WebSocketServer.builder()::start, "listen(8080)");
    }

    @Test
    void aSocketOptionThatConnectionsDoNotHaveIsRefused() {
        refused(
                () -> builder.listen(ANYWHERE, o -> o.socketOption(StandardSocketOptions.IP_MULTICAST_TTL, 1)),
                "IP_MULTICAST_TTL");
        refused(
                () -> builder.listen(ANYWHERE, o -> o.socketOption(StandardSocketOptions.SO_RCVBUF, -1)),
                "SO_RCVBUF cannot be -1");
        UnixDomainSocketAddress local = UnixDomainSocketAddress.of(folder.resolve("socket"));
        refused(
                () -> builder.listen(local, o -> o.socketOption(StandardSocketOptions.TCP_NODELAY, true)),
                "TCP_NODELAY");
    }

    @Test
    void invalidOriginsHostsAndSubprotocolsAreRefused() {
        refused(() -> builder.origins("example.org"), "example.org");
        refused(() -> builder.origins("wss://example.org"), "wss://example.org");
        refused(() -> builder.route("/a", ECHO, route -> route.origins("*")), "*");
        refused(() -> builder.hosts("https://example.org"), "https://example.org");
        refused(() -> builder.subprotocols("a", "b c"), "a subprotocol must be a token");
    }

    @Test
    void filesThatDoNotExistAreRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        refused(() -> builder.files("/", folder.resolve("missing")), "there is no directory", "missing");
        refused(() -> builder.files("/", file), "not a directory", "file");
        StaticFiles files = StaticFiles.of(folder);
        refused(() -> files.withIndex("a/b"), "a/b");
        refused(() -> files.withContentType(".glb", "model/gltf-binary"), "without a dot", ".glb");
        refused(() -> files.withHeader("Cache Control", "no-store"), "must be a token");
        refused(() -> files.withHeader("X", "a\r\nb: c"));
    }

    @Test
    void aRefusalHasTheStatusOfOne() {
        CompletableFuture<Exception> thrown = new CompletableFuture<>();
        Consumer<UpgradeExchange> misuse = upgrade -> {
            refused(() -> upgrade.refuse(200, "fine"), "200");
            refused(() -> upgrade.refuse(99, "odd"), "99");
            refused(() -> upgrade.refuse(HttpResponse.text(204, "")), "204");
            refused(IllegalStateException.class, () -> upgrade.refuse(401, "").withSubprotocol("a"), "refused");
            refused(() -> upgrade.accept(new Echo()).withSubprotocol("a"), "\"a\"");
            refused(() -> upgrade.accept(new Echo()).withHeader("a b", "c"), "must be a token");
            refused(() -> upgrade.pathParameter("no"), "\"no\"", "[room]");
        };
        try (MemoryServer server = builder.route("/{room}", upgrade -> {
                    try {
                        misuse.accept(upgrade);
                        thrown.complete(new Exception("none"));
                    } catch (Throwable e) {
                        thrown.complete(new Exception(e));
                    }
                    return upgrade.accept(new Echo());
                })
                .startInMemory()) {
            server.connect("/oak");
            assertEquals("none", thrown.join().getMessage());
        }
    }

    @Test
    void pemFilesWithoutTheRightKeyAreRefused() throws Exception {
        TestKey key = TestKey.make(folder, "example.org");
        KeyPairGenerator generator =
                KeyPairGenerator.getInstance(key.privateKey().getAlgorithm());
        PrivateKey other = generator.generateKeyPair().getPrivate();
        Path chain = pem("chain.pem", "CERTIFICATE", key.certificate().getEncoded());
        Path own = pem("key.pem", "PRIVATE KEY", key.privateKey().getEncoded());
        Path foreign = pem("other.pem", "PRIVATE KEY", other.getEncoded());
        ServerTls.pem(chain, own);
        refused(IOException.class, () -> ServerTls.pem(chain, chain), chain.toString(), "no private key");
        refused(IOException.class, () -> ServerTls.pem(own, own), own.toString(), "no certificate");
        refused(IOException.class, () -> ServerTls.pem(chain, foreign), foreign.toString(), "not that of the first");
        refused(IOException.class, () -> ServerTls.pem(chain, folder.resolve("none.pem")), "none.pem");
    }

    private Path pem(String name, String label, byte[] der) throws IOException {
        return Files.writeString(
                folder.resolve(name),
                "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + label
                        + "-----\n");
    }
}
