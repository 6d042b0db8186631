package dev.tenon.ws.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.handshake.HttpVersion;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The end of a client, and its choice of the HTTP version. */
@ExtendWith(Leaks.class)
class NettyClientTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @ParameterizedTest
    @EnumSource(value = HttpVersion.class, names = "HTTP_1_0", mode = EnumSource.Mode.EXCLUDE)
    void itClosesItsWebSocketsWith1001AndDoesNotWaitForTheDeadline(HttpVersion version) throws Exception {
        RecordingListener server = new RecordingListener();
        RecordingListener client = new RecordingListener();
        try (ServerAndClient ends =
                ServerAndClient.start(version, routes -> routes.route("/", upgrade -> upgrade.accept(server)))) {
            ends.client().connect(ends.uri("/"), client).get(60, TimeUnit.SECONDS);
            long begin = System.nanoTime();
            ends.client().close(LONG);
            assertTrue(System.nanoTime() - begin < LONG.toNanos() / 2, "the deadline was waited for");
            for (CloseEvent end : List.of(client.end(), server.end())) {
                assertEquals(CloseCode.GOING_AWAY, end.code());
                assertTrue(end.wasClean(), () -> "told " + end);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = HttpVersion.class, names = "HTTP_1_0", mode = EnumSource.Mode.EXCLUDE)
    void withoutADeadlineItAbortsThem(HttpVersion version) throws Exception {
        RecordingListener server = new RecordingListener();
        try (ServerAndClient ends =
                ServerAndClient.start(version, routes -> routes.route("/", upgrade -> upgrade.accept(server)))) {
            ends.client().connect(ends.uri("/"), new RecordingListener()).get(60, TimeUnit.SECONDS);
            ends.client().close();
            server.end(); // at once, not after QUIC's timeout
        }
    }

    @Test
    void itUsesHttp2WithoutTls() throws Exception {
        RecordingListener server = new RecordingListener();
        CompletableFuture<HttpVersion> version = new CompletableFuture<>();
        try (NettyServer clear = NettyServer.builder()
                        .routes(routes -> routes.route("/", upgrade -> {
                            version.complete(upgrade.request().version());
                            return upgrade.accept(server);
                        }))
                        .start();
                NettyClient client =
                        NettyClient.builder().version(HttpVersion.HTTP_2).build()) {
            client.connect("ws://127.0.0.1:" + clear.port() + "/", new RecordingListener())
                    .get(60, TimeUnit.SECONDS)
                    .sendText("hello");
            assertEquals("hello", server.text.get(60, TimeUnit.SECONDS));
            assertEquals(HttpVersion.HTTP_2, version.get(60, TimeUnit.SECONDS));
        }
    }
}
