package dev.tenon.ws.client;

import static dev.tenon.ws.client.ReconnectPeers.LATER;
import static dev.tenon.ws.client.ReconnectPeers.QUICK;
import static dev.tenon.ws.client.ReconnectPeers.answers;
import static dev.tenon.ws.client.ReconnectPeers.client;
import static dev.tenon.ws.client.ReconnectPeers.end;
import static dev.tenon.ws.client.ReconnectPeers.scripted;
import static dev.tenon.ws.client.ReconnectPeers.scriptedUpgrades;
import static dev.tenon.ws.client.ReconnectPeers.start;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.client.ReconnectPeers.RecordingListener;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.frame.CloseCode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Code of the user that throws, hangs or refuses while a connection is being kept open. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@SuppressWarnings("NullAway") // a null value fails the test
class ReconnectFaultsTest {
    @BeforeEach
    void quiet() throws Exception {
        OpenResources.awaitThreads(0);
    }

    @Test
    void aSupplierThatThrowsAnErrorOrReturnsNullIsNotCalledAgain() throws Exception {
        for (RequestSupplier wrong : List.<RequestSupplier>of(
                last -> {
                    throw new IllegalStateException("no configuration");
                },
                last -> null,
                last -> ConnectRequest.to("ws://127.0.0.1:1/").withHeader("Proxy-Authorization", "x"))) {
            RecordingListener listener = new RecordingListener();
            try (WebSocketClient client = client()) {
                Disconnect disconnect = end(ReconnectingWebSocket.start(client, wrong, QUICK, listener));
                listener.reads("given up 1 ENDED");
                assertTrue(disconnect.cause().getCause() instanceof RuntimeException, disconnect.toString());
            }
        }
    }

    @Test
    void aSupplierThatHangsIsInterruptedByClosing() throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        try (WebSocketClient client = client()) {
            ReconnectingWebSocket reconnecting = ReconnectingWebSocket.start(
                    client,
                    last -> {
                        reached.countDown();
                        try {
                            new CountDownLatch(1).await();
                        } catch (InterruptedException e) {
                            interrupted.countDown();
                        }
                        throw new IOException("interrupted");
                    },
                    QUICK,
                    new RecordingListener());
            assertTrue(reached.await(20, TimeUnit.SECONDS));
            reconnecting.close();
            assertEquals(null, end(reconnecting));
            assertTrue(interrupted.await(20, TimeUnit.SECONDS));
        }
    }

    /** Options that cannot be set are misuse: the start of the reconnecting reports it. */
    @Test
    void optionsThatThrowAtOnceAreRefusedByTheStart() throws Exception {
        try (WebSocketClient client = client()) {
            ConnectRequest wrong =
                    ConnectRequest.to("ws://127.0.0.1:9/").with(options -> options.timeout(Duration.ZERO));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> ReconnectingWebSocket.start(client, wrong, QUICK, new RecordingListener()));
        }
    }

    /** For example if a file with keys is gone at the third connect. */
    @Test
    void optionsThatThrowLaterAreAFailedConnectThatIsNotRepeated() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        RecordingListener listener = new RecordingListener();
        try (Peer server = scriptedUpgrades(socket -> {});
                WebSocketClient client = client()) {
            ConnectRequest request = ConnectRequest.to(server.uri()).with(options -> {
                if (calls.incrementAndGet() > 3) {
                    throw new IllegalStateException("no keys");
                }
            });
            Disconnect disconnect = end(ReconnectingWebSocket.start(client, request, QUICK, listener));
            assertEquals("no keys", disconnect.cause().getCause().getMessage());
            assertEquals(2, server.accepted());
            assertEquals(4, calls.get()); // one for the start, then one for each connect
            listener.reads("open", "close 1006", "reconnect 1 WAITING");
            listener.reads("open", "close 1006", "reconnect 2 WAITING", "given up 3 ENDED");
        }
    }

    @Test
    void optionsThatHangDoNotBlockTheLoopAndAreInterruptedByClosing() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        try (Peer server = scriptedUpgrades(ReconnectPeers::stay);
                WebSocketClient client = client()) {
            ConnectRequest request = ConnectRequest.to("ws://127.0.0.1:9/").with(options -> {
                if (calls.incrementAndGet() > 1) {
                    reached.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        interrupted.countDown();
                    }
                }
            });
            ReconnectingWebSocket reconnecting =
                    ReconnectingWebSocket.start(client, request, QUICK, new RecordingListener());
            assertTrue(reached.await(20, TimeUnit.SECONDS));
            Chat.greeted(client, server.uri()).close();
            reconnecting.close();
            assertEquals(null, end(reconnecting));
            assertTrue(interrupted.await(20, TimeUnit.SECONDS));
        }
    }

    @Test
    void aListenerThatThrowsInOnOpenIsNotCalledAgainAndAgain() throws Exception {
        RecordingListener listener = new RecordingListener() {
            @Override
            public void onOpen(WebSocket webSocket) {
                throw new IllegalStateException("not ready");
            }
        };
        try (Peer server = scriptedUpgrades(ReconnectPeers::stay);
                WebSocketClient client = client()) {
            Disconnect disconnect = end(start(client, server, QUICK, listener));
            assertEquals("not ready", disconnect.cause().getCause().getMessage());
            assertEquals(CloseCode.INTERNAL_ERROR, disconnect.event().code());
            assertEquals(1, server.accepted());
        }
    }

    /** Kotlin and Scala have no checked exceptions, so any code can throw one. */
    static List<Throwable> thrown() {
        return List.of(new IllegalStateException("on purpose"), new Exception("on purpose"), new Error("on purpose"));
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T extends Throwable> RuntimeException unchecked(Throwable thrown) throws T {
        throw (T) thrown;
    }

    @ParameterizedTest
    @MethodSource("thrown")
    void anExceptionOfThePolicyOrTheListenerEndsItAndIsReported(Throwable thrown) throws Exception {
        ReconnectPolicy broken = QUICK.withRetries(disconnect -> {
            throw ReconnectFaultsTest.<RuntimeException>unchecked(thrown);
        });
        RecordingListener angry = new RecordingListener() {
            @Override
            public void onReconnect(ReconnectingWebSocket reconnecting, Disconnect disconnect, Duration delay) {
                throw ReconnectFaultsTest.<RuntimeException>unchecked(thrown);
            }

            @Override
            public void onGivenUp(ReconnectingWebSocket reconnecting, Disconnect disconnect) {
                throw ReconnectFaultsTest.<RuntimeException>unchecked(thrown);
            }
        };
        try (Peer server = scripted(answers(500));
                WebSocketClient client = client()) {
            for (ReconnectingWebSocket each : List.of(
                    start(client, server, broken, new RecordingListener()),
                    start(client, server, QUICK, angry),
                    start(client, server, QUICK.withRetries(disconnect -> false), angry))) {
                assertSame(
                        thrown,
                        assertThrows(ExecutionException.class, () -> end(each)).getCause());
                assertEquals(ReconnectingWebSocket.State.ENDED, each.state());
            }
            assertEquals(3, server.accepted());
        }
    }

    @ParameterizedTest
    @MethodSource("thrown")
    void anExecutorThatRefusesDoesNotHideTheEnd(Throwable refusal) throws Exception {
        Executor none = task -> {
            throw ReconnectFaultsTest.<RuntimeException>unchecked(refusal);
        };
        RecordingListener listener = new RecordingListener();
        try (Peer server = scripted(answers(404));
                WebSocketClient client = WebSocketClient.builder()
                        .proxy(null)
                        .listenerExecutor(none)
                        .build()) {
            Disconnect disconnect = end(start(client, server, QUICK, listener));
            assertEquals(1, disconnect.failures());
            listener.reads("given up 1 ENDED");
        }
    }

    @Test
    void aRequestThatCannotBeSentIsRefusedAtOnce() throws Exception {
        try (WebSocketClient client = client()) {
            ConnectRequest request =
                    ConnectRequest.to("ws://127.0.0.1:9/").withHeader("Proxy-Authorization", "Basic x");
            assertThrows(
                    IllegalArgumentException.class,
                    () -> ReconnectingWebSocket.start(client, request, QUICK, new RecordingListener()));
            ReconnectingWebSocket reconnecting = ReconnectingWebSocket.start(
                    client, ConnectRequest.to("ws://127.0.0.1:9/"), LATER, new RecordingListener());
            assertThrows(IllegalArgumentException.class, () -> reconnecting.close(CloseCode.ABNORMAL_CLOSURE, ""));
            reconnecting.close(new CloseCode(4000), "enough");
            assertEquals(null, end(reconnecting));
        }
    }
}
