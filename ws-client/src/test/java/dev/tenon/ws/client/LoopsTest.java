package dev.tenon.ws.client;

import static dev.tenon.ws.client.Chat.failure;
import static dev.tenon.ws.client.Chat.get;
import static dev.tenon.ws.client.Chat.greeted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.sockets.RecordingSockets;
import dev.tenon.ws.client.ReconnectPeers.RecordingListener;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.transport.EventLoops;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.channels.spi.SelectorProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The loop that a client uses, and the resources that remain when it is closed. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LoopsTest {
    @BeforeEach
    void quiet() throws Exception {
        OpenResources.awaitThreads(0);
    }

    private static WebSocketClient client() throws IOException {
        return WebSocketClient.builder().proxy(null).build();
    }

    private static Peer greeting() throws Exception {
        Peer[] peer = new Peer[1];
        peer[0] = Peer.start(socket -> peer[0].greet(socket));
        return peer[0];
    }

    private static Thread threadOf(WebSocketClient client, String uri) throws Exception {
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        get(client.connect(uri, new WebSocketListener() {
            @Override
            public void onOpen(WebSocket webSocket) {
                thread.complete(Thread.currentThread());
            }
        }));
        return get(thread);
    }

    @Test
    void aFactoryMakesTheThreadOfALoopOfTheClientsOwn() throws Exception {
        try (Peer server = greeting()) {
            WebSocketClient client = WebSocketClient.builder()
                    .proxy(null)
                    .threads(task -> new Thread(task, "mine"))
                    .build();
            Thread thread = threadOf(client, server.uri());
            assertEquals("mine", thread.getName());
            client.close();
            thread.join(20_000);
            assertEquals(Thread.State.TERMINATED, thread.getState());
        }
    }

    @Test
    void aProviderOpensTheSocketsOfALoopOfTheClientsOwn() throws Exception {
        RecordingSockets sockets = new RecordingSockets(EventLoops.defaultSockets());
        try (Peer server = greeting();
                WebSocketClient shared = client();
                WebSocketClient client =
                        WebSocketClient.builder().proxy(null).sockets(sockets).build()) {
            assertNotSame(threadOf(shared, server.uri()), threadOf(client, server.uri()));
        }
        assertEquals(List.of("selector", "socket"), sockets.opened());
    }

    @Test
    void clientsShareOneDaemonThreadUntilTheLastIsClosed() throws Exception {
        try (Peer server = greeting()) {
            WebSocketClient one = client();
            WebSocketClient two = client();
            Thread shared = threadOf(one, server.uri());
            assertTrue(shared.isDaemon());
            assertSame(shared, threadOf(two, server.uri()));
            assertEquals(1, OpenResources.threads());
            one.close();
            one.close();
            assertTrue(shared.isAlive());
            assertSame(shared, threadOf(two, server.uri()));
            two.close();
            assertTrue(!shared.isAlive());
            assertEquals(0, OpenResources.threads());
            try (WebSocketClient three = client()) {
                assertNotSame(shared, threadOf(three, server.uri()));
            }
        }
    }

    /** The sockets of a shared loop that fails, found by their name. */
    public static final class Broken {
        private static final RecordingSockets SOCKETS = new RecordingSockets(SelectorProvider.provider());

        private Broken() {}

        /** The provider that a system property names. */
        public static SelectorProvider sockets() {
            return SOCKETS;
        }
    }

    private static WebSocketClient clientOnBreakableLoop() throws IOException {
        String before = System.getProperty("dev.tenon.ws.sockets");
        System.setProperty("dev.tenon.ws.sockets", Broken.class.getName() + "::sockets");
        try {
            return client();
        } finally {
            if (before == null) {
                System.clearProperty("dev.tenon.ws.sockets");
            } else {
                System.setProperty("dev.tenon.ws.sockets", before);
            }
        }
    }

    @Test
    void aSharedLoopThatHasFailedGetsNoMoreClients() throws Exception {
        try (Peer server = greeting()) {
            WebSocketClient failed = clientOnBreakableLoop();
            Thread thread = threadOf(failed, server.uri());
            Broken.SOCKETS.breakSelectors();
            thread.join(20_000);
            assertEquals(Thread.State.TERMINATED, thread.getState());
            IOException refused = failure(IOException.class, failed.connect(server.uri(), new Chat()));
            assertEquals("the client was closed, or its event loop has failed", refused.getMessage());
            try (WebSocketClient next = client();
                    WebSocketClient another = client()) {
                assertSame(threadOf(next, server.uri()), threadOf(another, server.uri()));
                failed.close();
                greeted(next, server.uri()).close();
            }
        }
        assertEquals(0, OpenResources.threads());
    }

    @Test
    void aListenerThatBlocksTheLoopDoesNotDelayCloseBeyondItsDeadline() throws Exception {
        CountDownLatch forEver = new CountDownLatch(1);
        long fastest = Long.MAX_VALUE;
        try (Peer server = greeting()) {
            for (int i = 0; i < 5; i++) { // one attempt must succeed, because the machine may be busy
                CountDownLatch called = new CountDownLatch(1);
                WebSocketClient client = client();
                CompletableFuture<WebSocket> unused = client.connect(server.uri(), new WebSocketListener() {
                    @Override
                    public void onOpen(WebSocket webSocket) throws InterruptedException {
                        called.countDown();
                        forEver.await();
                    }
                });
                assertTrue(called.await(20, TimeUnit.SECONDS));
                long begin = System.nanoTime();
                client.close(Duration.ofMillis(200));
                fastest = Math.min(fastest, System.nanoTime() - begin);
            }
        }
        assertTrue(fastest < 900_000_000, "it took " + fastest / 1_000_000 + " ms");
    }

    @Test
    void loopsOfItsOwnAreTheClientsAlone() throws Exception {
        try (Peer server = greeting();
                WebSocketClient shared = client();
                WebSocketClient own =
                        WebSocketClient.builder().proxy(null).loops(2).build()) {
            Thread first = threadOf(own, server.uri());
            Thread second = threadOf(own, server.uri());
            assertNotSame(first, second);
            assertSame(first, threadOf(own, server.uri()));
            assertTrue(!List.of(first, second).contains(threadOf(shared, server.uri())));
        }
        assertEquals(0, OpenResources.threads());
    }

    /** None of them has a link before all have chosen their loop. */
    @Test
    void aBurstOfConnectsUsesAllLoops() throws Exception {
        CountDownLatch all = new CountDownLatch(1);
        Resolver resolver = host -> {
            await(all);
            return List.of(InetAddress.getByName("127.0.0.1"));
        };
        try (Peer server = greeting();
                WebSocketClient client = WebSocketClient.builder()
                        .proxy(null)
                        .loops(4)
                        .connectsPerHost(40)
                        .resolver(resolver)
                        .build()) {
            List<CompletableFuture<Thread>> threads = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                CompletableFuture<Thread> thread = new CompletableFuture<>();
                threads.add(thread);
                CompletableFuture<WebSocket> unused =
                        client.connect("ws://name.test:" + server.port() + "/", new WebSocketListener() {
                            @Override
                            public void onOpen(WebSocket webSocket) {
                                thread.complete(Thread.currentThread());
                            }
                        });
            }
            all.countDown();
            assertEquals(List.of(10, 10, 10, 10), distribution(threads));
        }
    }

    @Test
    void reconnectingWebSocketsThatStartTogetherUseAllLoops() throws Exception {
        CountDownLatch all = new CountDownLatch(1);
        try (Peer server = greeting();
                WebSocketClient client =
                        WebSocketClient.builder().proxy(null).loops(4).build()) {
            List<CompletableFuture<Thread>> threads = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                CompletableFuture<Thread> thread = new CompletableFuture<>();
                threads.add(thread);
                RequestSupplier requests = last -> {
                    await(all);
                    return ConnectRequest.to(server.uri());
                };
                ReconnectListener listener = new ReconnectListener() {
                    @Override
                    public void onOpen(WebSocket webSocket) {
                        thread.complete(Thread.currentThread());
                    }
                };
                ReconnectingWebSocket.start(client, requests, ReconnectPolicy.DEFAULT, listener);
            }
            all.countDown();
            assertEquals(List.of(2, 2, 2, 2), distribution(threads));
        }
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /** Returns how many connections each thread has. */
    private static List<Integer> distribution(List<CompletableFuture<Thread>> threads) throws Exception {
        Map<Thread, Integer> counts = new HashMap<>();
        for (CompletableFuture<Thread> thread : threads) {
            counts.merge(get(thread), 1, Integer::sum);
        }
        return List.copyOf(counts.values());
    }

    @Test
    void aCancelledConnectAndAnEndedReconnectingCountNoLonger() throws Exception {
        AtomicInteger loops = new AtomicInteger();
        try (Peer server = greeting();
                IsolationTest.BlockingResolver names = new IsolationTest.BlockingResolver();
                WebSocketClient client = WebSocketClient.builder()
                        .proxy(null)
                        .loops(2)
                        .threads(task -> new Thread(task, "loop " + loops.incrementAndGet()))
                        .resolver(names)
                        .build()) {
            assertTrue(client.connect("ws://dead.test/", new Chat()).cancel(true));
            assertEquals("loop 1", threadOf(client, server.uri()).getName());
            RecordingListener listener = new RecordingListener();
            ReconnectingWebSocket reconnecting = ReconnectPeers.start(client, server, ReconnectPeers.QUICK, listener);
            WebSocket open = listener.opened.take();
            reconnecting.close();
            assertEquals(null, ReconnectPeers.end(reconnecting));
            CompletableFuture<Thread> used = new CompletableFuture<>();
            open.executor().execute(() -> used.complete(Thread.currentThread())); // after the event of the end
            assertEquals("loop 2", get(used).getName());
            assertEquals("loop 2", threadOf(client, server.uri()).getName());
        }
    }

    @Test
    void closingEndsTheClientsOwnConnectionsOnly() throws Exception {
        try (Peer server = greeting();
                WebSocketClient other = client()) {
            Chat stays = new Chat();
            get(other.connect(server.uri(), stays));
            stays.awaitText("hi");
            Chat goes = new Chat();
            WebSocketClient client = client();
            get(client.connect(server.uri(), goes));
            client.close(Duration.ofSeconds(10));
            assertEquals(CloseCode.ABNORMAL_CLOSURE, goes.ends.take().code());
            assertEquals(0, stays.ends.size());
            IOException closed = failure(IOException.class, client.connect(server.uri(), new Chat()));
            assertEquals("the client was closed", closed.getMessage());
        }
    }

    @Test
    void closingCancelsPendingConnects() throws Exception {
        try (FullBacklog silence = FullBacklog.at("127.0.0.1", 0)) {
            WebSocketClient client = client();
            List<CompletableFuture<WebSocket>> pending = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                pending.add(client.connect("ws://127.0.0.1:" + silence.port() + "/", new Chat()));
            }
            long start = System.nanoTime();
            client.close();
            assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(4), "it has waited for its deadline");
            for (CompletableFuture<WebSocket> given : pending) {
                assertEquals(
                        "the client was closed",
                        failure(IOException.class, given).getMessage());
            }
        }
        assertEquals(0, OpenResources.threads());
        assertEquals(0, LinkOpener.HOSTS.keys());
    }

    @Test
    void aListenerCannotCloseTheClientItRunsOn() throws Exception {
        try (Peer server = greeting();
                WebSocketClient client = client()) {
            CompletableFuture<Throwable> thrown = new CompletableFuture<>();
            get(client.connect(server.uri(), new WebSocketListener() {
                @Override
                public void onOpen(WebSocket webSocket) {
                    thrown.complete(assertThrows(IllegalStateException.class, client::close));
                }
            }));
            assertTrue(get(thrown) instanceof IllegalStateException);
        }
    }

    @Test
    void clientsCreatedAndClosedByManyThreadsLeaveNoResources() throws Exception {
        try (Peer server = greeting()) {
            long before = OpenResources.descriptors();
            ExecutorService threads = Executors.newFixedThreadPool(8);
            List<Future<?>> done = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                int number = i;
                done.add(threads.submit(() -> {
                    for (int round = 0; round < 100; round++) {
                        try (WebSocketClient client = client()) {
                            switch ((round + number) % 4) {
                                case 0 -> greeted(client, server.uri()).close();
                                case 1 ->
                                    client.connect(server.uri(), new Chat()).cancel(true);
                                case 2 -> {
                                    CompletableFuture<WebSocket> unused = client.connect(server.uri(), new Chat());
                                }
                                default -> client.close(Duration.ZERO);
                            }
                        }
                    }
                    return null;
                }));
            }
            threads.shutdown();
            for (Future<?> each : done) {
                each.get(100, TimeUnit.SECONDS);
            }
            assertEquals(0, OpenResources.threads());
            assertEquals(0, LinkOpener.HOSTS.keys());
            OpenResources.awaitDescriptors(before);
        }
    }
}
