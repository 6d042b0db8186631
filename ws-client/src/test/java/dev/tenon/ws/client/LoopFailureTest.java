package dev.tenon.ws.client;

import static dev.tenon.ws.client.Chat.failure;
import static dev.tenon.ws.client.Chat.get;
import static dev.tenon.ws.client.Chat.greeted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.sockets.RecordingSockets;
import dev.tenon.ws.connection.Message;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.transport.EventLoops;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An event loop that fails ends its connects and reconnecting connections, at whatever step they are. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@SuppressWarnings("NullAway") // a null value fails the test
class LoopFailureTest {
    private static final String FAILED = "the client was closed, or its event loop has failed";

    /** The event loop of a client, which the test can break. */
    private static final class BreakableLoop {
        private final RecordingSockets sockets = new RecordingSockets(EventLoops.defaultSockets());
        private Thread thread;

        WebSocketClient.Builder client() {
            return WebSocketClient.builder().proxy(null).sockets(sockets).threads(task -> {
                thread = new Thread(null, task, "breakable", 256 * 1024);
                return thread;
            });
        }

        /** When this returns, the loop has ended. */
        void fail() throws Exception {
            sockets.breakSelectors();
            thread.join(20_000);
            assertEquals(Thread.State.TERMINATED, thread.getState());
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        boolean waits = true;
        while (waits) {
            try {
                latch.await();
                waits = false;
            } catch (InterruptedException e) {
                // a look-up of the platform cannot be interrupted either
            }
        }
    }

    /** The look-up ends after the loop has failed, or it never ends. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aConnectWithoutALinkFails(boolean neverEnds) throws Exception {
        BreakableLoop loop = new BreakableLoop();
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch found = new CountDownLatch(1);
        Resolver resolver = host -> {
            reached.countDown();
            awaitUninterruptibly(found);
            return List.of(InetAddress.getByName("127.0.0.1"));
        };
        try (WebSocketClient client = loop.client().resolver(resolver).build()) {
            CompletableFuture<WebSocket> connecting = client.connect("ws://name.test:9/", new Chat());
            assertTrue(reached.await(20, TimeUnit.SECONDS));
            loop.fail();
            if (!neverEnds) {
                found.countDown();
            }
            assertEquals(FAILED, failure(IOException.class, connecting).getMessage());
        } finally {
            found.countDown();
        }
        assertEquals(0, LinkOpener.HOSTS.keys());
    }

    /** One connect has its turn to connect to a host, and another one waits for it. */
    @Test
    void theTurnsOfItsConnectsAreFreeForOtherClients() throws Exception {
        BreakableLoop loop = new BreakableLoop();
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch left = new CountDownLatch(1);
        Peer[] peer = new Peer[1];
        try (Peer server = Peer.start(socket -> {
                    String head = peer[0].head(socket);
                    if (head.startsWith("GET /hangs ")) {
                        reached.countDown();
                        Peer.drain(socket);
                        left.countDown();
                    } else {
                        Peer.greet(socket, head, "");
                    }
                });
                WebSocketClient client = loop.client().build();
                WebSocketClient other = ReconnectPeers.client()) {
            peer[0] = server;
            String hangs = "ws://127.0.0.1:" + server.port() + "/hangs";
            CompletableFuture<WebSocket> first = client.connect(hangs, new Chat());
            assertTrue(reached.await(20, TimeUnit.SECONDS));
            CompletableFuture<WebSocket> second = client.connect(hangs, new Chat());
            loop.fail();
            greeted(other, server.uri()).close();
            assertEquals(FAILED, failure(IOException.class, first).getMessage());
            assertEquals(FAILED, failure(IOException.class, second).getMessage());
            assertTrue(left.await(20, TimeUnit.SECONDS), "the socket is open");
            assertEquals(2, server.accepted());
        }
        assertEquals(0, LinkOpener.HOSTS.keys());
    }

    /** Each of them gets its turn when another one has failed. The small stack is that of thousands of connects. */
    @Test
    void allConnectsThatWaitForATurnFail() throws Exception {
        BreakableLoop loop = new BreakableLoop();
        List<CompletableFuture<WebSocket>> connecting = new ArrayList<>();
        try (FullBacklog silence = FullBacklog.at("127.0.0.1", 0);
                WebSocketClient client = loop.client().maxConnecting(1).build()) {
            for (int i = 0; i < 3000; i++) {
                connecting.add(client.connect("ws://127.0.0.1:" + silence.port() + "/", new Chat()));
            }
            loop.fail();
            for (CompletableFuture<WebSocket> each : connecting) {
                assertEquals(FAILED, failure(IOException.class, each).getMessage());
            }
        }
        assertEquals(0, LinkOpener.HOSTS.keys());
    }

    @ParameterizedTest
    @EnumSource(names = {"CONNECTING", "OPEN", "WAITING"})
    void aReconnectingWebSocketFails(ReconnectingWebSocket.State state) throws Exception {
        BreakableLoop loop = new BreakableLoop();
        CountDownLatch interrupted = new CountDownLatch(1);
        Outbox outbox = Outbox.of(Outbox.OnLoss.FAIL);
        try (Peer server = ReconnectPeers.scriptedUpgrades(ReconnectPeers::stay);
                WebSocketClient client = loop.client().build()) {
            RequestSupplier requests = last -> switch (state) {
                case OPEN -> ConnectRequest.to(server.uri());
                case WAITING -> throw new IOException("no token");
                default -> {
                    try {
                        new CountDownLatch(1).await();
                    } finally {
                        interrupted.countDown();
                    }
                    throw new IOException("no token");
                }
            };
            CompletableFuture<?> sent = outbox.sendAsync(Message.text("x")).toCompletableFuture();
            ReconnectListener listener = new ReconnectListener() {
                @Override
                public CompletionStage<?> whenReady(WebSocket webSocket) {
                    return new CompletableFuture<>();
                }
            };
            ReconnectingWebSocket reconnecting =
                    ReconnectingWebSocket.start(client, requests, ReconnectPeers.LATER, listener, outbox);
            OpenResources.await("it is not " + state, () -> reconnecting.state() == state);
            loop.fail();
            Throwable end = assertThrows(ExecutionException.class, () -> ReconnectPeers.end(reconnecting))
                    .getCause();
            assertEquals("the event loop of the client has failed", end.getMessage());
            assertEquals(ReconnectingWebSocket.State.ENDED, reconnecting.state());
            assertTrue(reconnecting.webSocket().isEmpty());
            assertThrows(ExecutionException.class, () -> get(sent));
            assertTrue(state != ReconnectingWebSocket.State.CONNECTING || interrupted.await(20, TimeUnit.SECONDS));
        }
    }

    @Test
    void closingTheClientDoesNotWaitForItsDeadline() throws Exception {
        BreakableLoop loop = new BreakableLoop();
        long nanos;
        try (Peer server = ReconnectPeers.scriptedUpgrades(ReconnectPeers::stay);
                WebSocketClient client = loop.client().build()) {
            WebSocket open = greeted(client, server.uri());
            loop.fail();
            long begin = System.nanoTime();
            client.close(Duration.ofSeconds(30));
            nanos = System.nanoTime() - begin;
            assertTrue(open.url().startsWith("ws:"));
        }
        assertTrue(nanos < TimeUnit.SECONDS.toNanos(20), "it took " + nanos / 1_000_000 + " ms");
    }
}
