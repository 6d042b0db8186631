package dev.tenon.ws.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.HttpVersion;
import dev.tenon.ws.handshake.WebSocketUri;
import dev.tenon.ws.server.HostedRoutesBuilder;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Functions of the application that throw before the endpoint is called: the client gets 500, and its channel ends. */
@ExtendWith(Leaks.class)
class BrokenDecisionTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private static void expectInternalError(
            HttpVersion version, Consumer<NettyServerBuilder> settings, Consumer<HostedRoutesBuilder> routes)
            throws Exception {
        try (ServerAndClient ends = ServerAndClient.start(version, settings, routes)) {
            var connecting = ends.client()
                    .connect(
                            WebSocketUri.parse(ends.uri("/")),
                            handshake -> handshake.header("Origin", "null"),
                            new RecordingListener());
            Throwable failure = assertThrows(ExecutionException.class, () -> connecting.get(5, TimeUnit.SECONDS))
                    .getCause();
            HandshakeException refused = assertInstanceOf(HandshakeException.class, failure);
            assertEquals(500, refused.toResponse().status());
            long begin = System.nanoTime();
            ends.server().stop(LONG);
            assertTrue(System.nanoTime() - begin < LONG.toNanos() / 2, "a connection is left");
        }
    }

    @ParameterizedTest
    @EnumSource(value = HttpVersion.class, names = "HTTP_1_0", mode = EnumSource.Mode.EXCLUDE)
    void anOriginPolicy(HttpVersion version) throws Exception {
        expectInternalError(
                version,
                settings -> {},
                routes -> routes.route(
                        "/",
                        upgrade -> upgrade.accept(new RecordingListener()),
                        route -> route.origins(request -> {
                            throw new IllegalStateException("a fault of the application");
                        })));
    }

    @ParameterizedTest
    @EnumSource(value = HttpVersion.class, names = "HTTP_1_0", mode = EnumSource.Mode.EXCLUDE)
    void aFactoryOfTaps(HttpVersion version) throws Exception {
        expectInternalError(
                version,
                settings -> settings.tap(head -> {
                    throw new LinkageError("a class is missing");
                }),
                routes -> routes.route("/", upgrade -> upgrade.accept(new RecordingListener())));
    }
}
