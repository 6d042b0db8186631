package dev.tenon.ws.netty;

import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.handshake.HttpVersion;
import dev.tenon.ws.handshake.WebSocketUri;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A function of the caller that changes the handshake, and throws: the connect fails at once, and says why. */
@ExtendWith(Leaks.class)
class BrokenHandshakeTest {
    private static Stream<Arguments> transportsAndFaults() {
        return Stream.of(
                        Arguments.of("ws", HttpVersion.HTTP_1_1),
                        Arguments.of("ws", HttpVersion.HTTP_2),
                        Arguments.of("wss", HttpVersion.HTTP_1_1),
                        Arguments.of("wss", HttpVersion.HTTP_2),
                        Arguments.of("wss", HttpVersion.HTTP_3))
                .flatMap(transport -> Stream.of(
                                new IllegalStateException("a fault of the application"),
                                new LinkageError("a class is missing"))
                        .map(fault -> Arguments.of(transport.get()[0], transport.get()[1], fault)));
    }

    @ParameterizedTest
    @MethodSource("transportsAndFaults")
    void theConnectFailsWithTheFault(String scheme, HttpVersion version, Throwable fault) throws Exception {
        NettyServerBuilder builder = NettyServer.builder()
                .loops(1)
                .routes(routes -> routes.extensions(Extensions.none())
                        .route("/", upgrade -> upgrade.accept(new WebSocketListener() {})));
        if (scheme.equals("wss")) {
            builder.tls(ServerAndClient.certificate(), ServerAndClient.key());
        }
        try (NettyServer server = builder.start();
                NettyClient client = NettyClient.builder()
                        .extensions(Extensions.none())
                        .trust(ServerAndClient.certificate())
                        .version(version)
                        .connectTimeout(Duration.ofMinutes(10))
                        .build()) {
            CompletableFuture<WebSocket> connect = client.connect(
                    WebSocketUri.parse(scheme + "://127.0.0.1:" + server.port() + "/"),
                    handshake -> {
                        if (fault instanceof Error error) {
                            throw error;
                        }
                        throw (RuntimeException) fault;
                    },
                    new WebSocketListener() {});
            assertSame(
                    fault,
                    assertThrows(ExecutionException.class, () -> connect.get(10, TimeUnit.SECONDS))
                            .getCause());
        }
    }
}
