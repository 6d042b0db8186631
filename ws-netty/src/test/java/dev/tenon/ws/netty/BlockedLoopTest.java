package dev.tenon.ws.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.handshake.HttpVersion;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A stop while an application blocks an event loop, and a stop that is called on an event loop. */
@ExtendWith(Leaks.class)
class BlockedLoopTest {
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final long MOST_SECONDS = 5;

    /** Blocks the event loop at the first text. */
    private static final class Blocker implements WebSocketListener {
        final CountDownLatch blocked = new CountDownLatch(1);
        final CountDownLatch released = new CountDownLatch(1);

        @Override
        public void onText(WebSocket webSocket, String text) throws InterruptedException {
            blocked.countDown();
            released.await();
        }
    }

    private static void expectSoon(Blocker blocker, Runnable stop) throws Exception {
        assertTrue(blocker.blocked.await(60, TimeUnit.SECONDS));
        try {
            CompletableFuture.runAsync(stop).get(MOST_SECONDS, TimeUnit.SECONDS);
        } finally {
            blocker.released.countDown();
        }
    }

    @ParameterizedTest
    @EnumSource(value = HttpVersion.class, names = "HTTP_1_0", mode = EnumSource.Mode.EXCLUDE)
    void aListenerThatBlocksDoesNotDelayTheStopOfItsServer(HttpVersion version) throws Exception {
        Blocker blocker = new Blocker();
        try (ServerAndClient ends =
                ServerAndClient.start(version, routes -> routes.route("/", upgrade -> upgrade.accept(blocker)))) {
            ends.client()
                    .connect(ends.uri("/"), new RecordingListener())
                    .get(60, TimeUnit.SECONDS)
                    .sendText("block");
            expectSoon(blocker, () -> ends.server().stop(SHORT));
        }
    }

    @ParameterizedTest
    @EnumSource(value = HttpVersion.class, names = "HTTP_1_0", mode = EnumSource.Mode.EXCLUDE)
    void aListenerThatBlocksDoesNotDelayTheCloseOfItsClient(HttpVersion version) throws Exception {
        Blocker blocker = new Blocker();
        try (ServerAndClient ends = ServerAndClient.start(
                version, routes -> routes.route("/", upgrade -> upgrade.accept(new RecordingListener())))) {
            ends.client()
                    .connect(ends.uri("/"), blocker)
                    .get(60, TimeUnit.SECONDS)
                    .sendText("block");
            expectSoon(blocker, () -> ends.client().close(SHORT));
        }
    }

    @Test
    void anEventLoopCannotStopItsServerWhichThenServesOn() throws Exception {
        CompletableFuture<NettyServer> self = new CompletableFuture<>();
        CompletableFuture<Void> stopped = new CompletableFuture<>();
        try (NettyServer server = NettyServer.builder()
                .routes(routes -> routes.readiness("/ready").get("/stop", request -> {
                    try {
                        self.join().stop(Duration.ZERO);
                        stopped.complete(null);
                    } catch (IllegalStateException refused) {
                        stopped.completeExceptionally(refused);
                    }
                    return HttpResponse.text(200, "");
                }))
                .start()) {
            self.complete(server);
            assertEquals("HTTP/1.1 200 OK", status(server, "/stop"));
            assertTrue(stopped.isCompletedExceptionally());
            assertEquals("HTTP/1.1 200 OK", status(server, "/ready"));
        }
    }

    private static String status(NettyServer server, String path) throws Exception {
        try (Http1Peer peer = new Http1Peer(server.port())) {
            peer.send("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
            return peer.head().get(0);
        }
    }

    @Test
    void anEventLoopCannotCloseItsClientWhichThenConnects() throws Exception {
        try (ServerAndClient ends = ServerAndClient.start(
                HttpVersion.HTTP_1_1,
                routes -> routes.route("/", upgrade -> upgrade.accept(new RecordingListener())))) {
            WebSocket webSocket = ends.client()
                    .connect(ends.uri("/"), new RecordingListener())
                    .get(60, TimeUnit.SECONDS);
            CompletableFuture<Void> closed = new CompletableFuture<>();
            webSocket.executor().execute(() -> {
                try {
                    ends.client().close();
                    closed.complete(null);
                } catch (IllegalStateException refused) {
                    closed.completeExceptionally(refused);
                }
            });
            assertThrows(ExecutionException.class, () -> closed.get(60, TimeUnit.SECONDS));
            RecordingListener second = new RecordingListener();
            ends.client()
                    .connect("wss://localhost:" + ends.server().port() + "/", second)
                    .handle((opened, failure) -> {
                        assertFalse(String.valueOf(failure).contains("closed"), () -> "told " + failure);
                        return null;
                    })
                    .get(60, TimeUnit.SECONDS);
        }
    }
}
