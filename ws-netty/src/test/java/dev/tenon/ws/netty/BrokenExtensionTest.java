package dev.tenon.ws.netty;

import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.extension.ExtensionContext;
import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.extension.MessageCodec;
import dev.tenon.ws.extension.MessageExtensionProvider;
import dev.tenon.ws.extension.SendMode;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.Role;
import dev.tenon.ws.handshake.HttpVersion;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An extension that cannot be opened, on either end: the connect fails at once, and says why. */
@ExtendWith(Leaks.class)
class BrokenExtensionTest {
    private static final Duration LONG = Duration.ofMinutes(10);

    /** An extension that changes nothing, and cannot be opened on one end. */
    private static final class Broken extends MessageExtensionProvider {
        private final Throwable fault;
        private final Role broken;

        Broken(Throwable fault, Role broken) {
            super(FirstByte.RSV1, ExtensionOffer.of("x-broken"));
            this.fault = fault;
            this.broken = broken;
        }

        @Override
        protected MessageCodec open(ExtensionOffer agreed, ExtensionContext context) {
            if (context.role() == broken) {
                if (fault instanceof Error error) {
                    throw error;
                }
                throw (RuntimeException) fault;
            }
            return new MessageCodec() {
                @Override
                public @Nullable ByteBuffer encode(ByteBuffer message, SendMode mode) {
                    return null;
                }

                @Override
                public ByteBuffer decode(ByteBuffer message, long maxLength) {
                    return message;
                }
            };
        }
    }

    private static @Nullable Throwable connect(HttpVersion version, Throwable fault, Role broken) throws Exception {
        Extensions extensions = Extensions.of(new Broken(fault, broken));
        try (NettyServer server = NettyServer.builder()
                        .tls(ServerAndClient.certificate(), ServerAndClient.key())
                        .loops(1)
                        .routes(routes -> routes.extensions(extensions)
                                .route("/", upgrade -> upgrade.accept(new WebSocketListener() {})))
                        .start();
                NettyClient client = NettyClient.builder()
                        .trust(ServerAndClient.certificate())
                        .version(version)
                        .extensions(extensions)
                        .connectTimeout(LONG)
                        .build()) {
            CompletableFuture<WebSocket> connecting =
                    client.connect("wss://127.0.0.1:" + server.port() + "/", new WebSocketListener() {});
            Throwable failure = assertThrows(ExecutionException.class, () -> connecting.get(20, TimeUnit.SECONDS))
                    .getCause();
            long begin = System.nanoTime();
            server.stop(LONG);
            assertTrue(System.nanoTime() - begin < LONG.toNanos() / 2, "a connection is left");
            return failure;
        }
    }

    private static Stream<Arguments> versionsAndFaults() {
        return Stream.of(HttpVersion.HTTP_1_1, HttpVersion.HTTP_2, HttpVersion.HTTP_3)
                .flatMap(version -> Stream.of(
                        Arguments.of(version, new IllegalStateException("a fault of the application")),
                        Arguments.of(version, new LinkageError("a class is missing"))));
    }

    @ParameterizedTest
    @MethodSource("versionsAndFaults")
    void aClientThatCannotOpenItIsToldTheFault(HttpVersion version, Throwable fault) throws Exception {
        assertSame(fault, connect(version, fault, Role.CLIENT));
    }

    @ParameterizedTest
    @MethodSource("versionsAndFaults")
    void aServerThatCannotOpenItResponds500(HttpVersion version, Throwable fault) throws Exception {
        Throwable failure = connect(version, fault, Role.SERVER);
        assertTrue(String.valueOf(failure).contains("500"), () -> "told " + failure);
    }
}
