package dev.tenon.ws.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.handshake.HttpVersion;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A client waits for look-ups and reads files on other threads than its event loops. */
@ExtendWith(Leaks.class)
class ClientLookupTest {
    private static final Duration LONG = Duration.ofMinutes(10);

    @TempDir
    Path folder;

    private final CountDownLatch end = new CountDownLatch(1);
    private final CountDownLatch asked = new CountDownLatch(1);
    private final AtomicInteger lookUps = new AtomicInteger();
    private NettyServer server;

    @BeforeEach
    void start() throws IOException {
        server = NettyServer.builder()
                .loops(1)
                .tls(ServerAndClient.certificate(), ServerAndClient.key())
                .routes(routes -> routes.extensions(Extensions.none())
                        .route("/", upgrade -> upgrade.accept(new WebSocketListener() {})))
                .start();
    }

    @AfterEach
    void stop() {
        end.countDown();
        server.stop(Duration.ZERO);
    }

    private NettyClientBuilder client(HttpVersion version) {
        NettyClientBuilder builder = NettyClient.builder()
                .extensions(Extensions.none())
                .trust(ServerAndClient.certificate())
                .version(version);
        builder.resolver = this::resolve;
        return builder;
    }

    /** Does not return while the test runs, except for {@code localhost}. */
    private InetAddress resolve(String host) throws UnknownHostException {
        lookUps.incrementAndGet();
        asked.countDown();
        try {
            if (!host.equals("localhost")) {
                end.await();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return InetAddress.getByName("127.0.0.1");
    }

    private CompletableFuture<WebSocket> connect(NettyClient client, String host) {
        return client.connect("wss://" + host + ":" + server.port() + "/", new WebSocketListener() {});
    }

    private static Throwable failure(CompletableFuture<WebSocket> connect) {
        return Objects.requireNonNull(assertThrows(ExecutionException.class, () -> connect.get(60, TimeUnit.SECONDS))
                .getCause());
    }

    @ParameterizedTest
    @EnumSource(value = HttpVersion.class, names = "HTTP_1_0", mode = EnumSource.Mode.EXCLUDE)
    void aLookUpThatHangsDelaysNothingElse(HttpVersion version) throws Exception {
        try (NettyClient client =
                client(version).connectTimeout(Duration.ofSeconds(5)).build()) {
            CompletableFuture<WebSocket> hanging = connect(client, "slow.test");
            asked.await();
            CompletableFuture<WebSocket> second = connect(client, "slow.test");
            connect(client, "localhost").get(60, TimeUnit.SECONDS);
            connect(client, "127.0.0.1").get(60, TimeUnit.SECONDS);
            assertInstanceOf(IOException.class, failure(hanging));
            assertInstanceOf(IOException.class, failure(second));
            assertEquals(2, lookUps.get(), "both share a look-up");
        }
    }

    @ParameterizedTest
    @EnumSource(value = HttpVersion.class, names = "HTTP_1_0", mode = EnumSource.Mode.EXCLUDE)
    void theEndOfTheClientEndsAConnectThatWaitsForALookUp(HttpVersion version) throws Exception {
        NettyClient client = client(version).connectTimeout(LONG).build();
        CompletableFuture<WebSocket> hanging = connect(client, "slow.test");
        asked.await();
        client.close();
        assertInstanceOf(IOException.class, failure(hanging));
    }

    @ParameterizedTest
    @EnumSource(value = HttpVersion.class, names = "HTTP_1_0", mode = EnumSource.Mode.EXCLUDE)
    void certificatesAreReadOnce(HttpVersion version) throws Exception {
        Path trusted = Files.copy(ServerAndClient.certificate(), folder.resolve("trusted.pem"));
        try (NettyClient client = client(version).trust(trusted).build()) {
            connect(client, "localhost").get(60, TimeUnit.SECONDS);
            Files.delete(trusted);
            connect(client, "localhost").get(60, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @EnumSource(value = HttpVersion.class, names = "HTTP_1_0", mode = EnumSource.Mode.EXCLUDE)
    void certificatesThatCannotBeReadAreReadAgain(HttpVersion version) throws Exception {
        Path trusted = folder.resolve("trusted.pem");
        try (NettyClient client = client(version).trust(trusted).build()) {
            failure(connect(client, "localhost"));
            Files.copy(ServerAndClient.certificate(), trusted);
            connect(client, "localhost").get(60, TimeUnit.SECONDS);
        }
    }
}
