package dev.tenon.ws.client;

import static dev.tenon.ws.client.Chat.failure;
import static dev.tenon.ws.client.Chat.greeted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.WebSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A call that blocks delays only its own connect, and every wait has a deadline. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class IsolationTest {
    private static final Duration LONG = Duration.ofMinutes(10);

    /** Look-ups of names that begin with "dead" block like those of the platform: an interrupt changes nothing. */
    static final class BlockingResolver implements Resolver, AutoCloseable {
        final CountDownLatch over = new CountDownLatch(1);
        final AtomicInteger hanging = new AtomicInteger();

        @Override
        public List<InetAddress> resolve(String host) throws IOException {
            if (host.startsWith("dead")) {
                hanging.incrementAndGet();
                hang();
            }
            return List.of(InetAddress.getByName("127.0.0.1"));
        }

        void hang() {
            boolean waits = true;
            while (waits) {
                try {
                    over.await();
                    waits = false;
                } catch (InterruptedException e) {
                    // getaddrinfo does the same
                }
            }
        }

        @Override
        public void close() {
            over.countDown();
        }
    }

    private static Peer greeting() throws Exception {
        Peer[] peer = new Peer[1];
        peer[0] = Peer.start(socket -> peer[0].greet(socket));
        return peer[0];
    }

    @Test
    void deadNamesBlockThemselvesAndNoOtherNameAndNoLiteral() throws Exception {
        try (Peer server = greeting();
                BlockingResolver names = new BlockingResolver();
                WebSocketClient client = WebSocketClient.builder()
                        .proxy(null)
                        .resolver(names)
                        .resolveTimeout(LONG)
                        .timeout(LONG)
                        .build()) {
            List<CompletableFuture<WebSocket>> stuck = new ArrayList<>();
            for (int i = 0; i < 64; i++) { // each of 32 names twice
                stuck.add(client.connect("ws://dead" + i % 32 + ".test/", new Chat()));
            }
            OpenResources.await("64 look-ups hang", () -> names.hanging.get() == 64);
            for (int i = 0; i < 16; i++) { // a third look-up of a name gets no thread
                stuck.add(client.connect("ws://dead0.test/", new Chat()));
            }
            greeted(client, "ws://alive.test:" + server.port() + "/").close();
            greeted(client, server.uri()).close();
            assertEquals(64, names.hanging.get());
            stuck.forEach(connecting -> assertTrue(connecting.cancel(true)));
        }
    }

    @Test
    void aDeadlineRunsFromTheStartOfItsStepAlsoIfNoThreadIsFree() throws Exception {
        try (BlockingResolver names = new BlockingResolver();
                WebSocketClient client = WebSocketClient.builder()
                        .proxy(null)
                        .resolver(names)
                        .resolveTimeout(Duration.ofMillis(200))
                        .build()) {
            for (int i = 0; i < 6; i++) {
                SocketTimeoutException late =
                        failure(SocketTimeoutException.class, client.connect("ws://dead.test/", new Chat()));
                assertEquals("waited 200 ms for the address of dead.test", late.getMessage());
            }
            assertEquals(2, names.hanging.get());
        }
    }

    @Test
    void aProxySelectorThatHangsForOneHostBlocksNoOtherHost() throws Exception {
        try (Peer server = greeting();
                BlockingResolver names = new BlockingResolver();
                WebSocketClient client = WebSocketClient.builder()
                        .resolver(names)
                        .handlerTimeout(Duration.ofMillis(300))
                        .proxy(new ProxySelector() {
                            @Override
                            public List<Proxy> select(URI uri) {
                                if (uri.getHost().startsWith("dead")) {
                                    names.hanging.incrementAndGet();
                                    names.hang();
                                }
                                return List.of(Proxy.NO_PROXY);
                            }

                            @Override
                            public void connectFailed(URI uri, SocketAddress address, IOException failure) {}
                        })
                        .build()) {
            List<CompletableFuture<WebSocket>> stuck = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                stuck.add(client.connect("ws://dead.test/", new Chat()));
            }
            greeted(client, "ws://alive.test:" + server.port() + "/").close();
            for (CompletableFuture<WebSocket> connecting : stuck) {
                assertEquals(
                        "waited 300 ms for the proxy selector",
                        failure(SocketTimeoutException.class, connecting).getMessage());
            }
            assertEquals(2, names.hanging.get());
        }
    }

    /** PEM files or the platform's certificates may be on a file system that does not respond. */
    @Test
    void aTlsContextThatIsNotReadyBlocksNoOtherHost() throws Exception {
        try (Peer server = greeting();
                BlockingResolver names = new BlockingResolver();
                WebSocketClient client = WebSocketClient.builder()
                        .proxy(null)
                        .handshakeTimeout(LONG)
                        .tls(ClientTls.platform().withParameters(parameters -> {
                            names.hanging.incrementAndGet();
                            names.hang();
                        }))
                        .build()) {
            List<CompletableFuture<WebSocket>> stuck = new ArrayList<>();
            String hangs = "wss://127.0.0.1:" + server.port() + "/";
            for (int i = 0; i < 10; i++) {
                stuck.add(client.connect(hangs, new Chat()));
            }
            OpenResources.await("two contexts hang", () -> names.hanging.get() == 2);
            greeted(client, server.uri()).close();
            ConnectRequest third =
                    ConnectRequest.to(hangs).with(options -> options.handshakeTimeout(Duration.ofMillis(200)));
            assertEquals(
                    "waited 200 ms for the TLS context",
                    failure(SocketTimeoutException.class, client.connect(third, new Chat()))
                            .getMessage());
            stuck.forEach(connecting -> assertTrue(connecting.cancel(true)));
            assertEquals(2, names.hanging.get());
            assertEquals(1, server.accepted());
        }
    }

    /** Five upgrades without a response block the address of a load balancer. */
    @Test
    void blockedUpgradesDelayTheirHostOnlyAndWaitingHasTheOverallTimeout() throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        Peer[] peer = new Peer[1];
        try (Peer server = Peer.start(socket -> {
                    String head = peer[0].head(socket);
                    if (Peer.header(head, "Host").startsWith("hangs")) {
                        reached.countDown();
                        Peer.drain(socket);
                    } else {
                        Peer.greet(socket, head, "");
                    }
                });
                WebSocketClient client = WebSocketClient.builder()
                        .proxy(null)
                        .resolver(host -> List.of(InetAddress.getByName("127.0.0.1")))
                        .handshakeTimeout(LONG)
                        .build()) {
            peer[0] = server;
            List<CompletableFuture<WebSocket>> stuck = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                stuck.add(client.connect("ws://hangs.test:" + server.port() + "/", new Chat()));
            }
            assertTrue(reached.await(20, TimeUnit.SECONDS));
            greeted(client, "ws://other.test:" + server.port() + "/").close();
            ConnectRequest sixth = ConnectRequest.to("ws://hangs.test:" + server.port() + "/")
                    .with(options -> options.timeout(Duration.ofMillis(200)));
            assertEquals(
                    "waited 200 ms in all, at last for its turn to connect to hangs.test:" + server.port()
                            + " (RFC 6455 §4.1, see connectsPerHost)",
                    failure(SocketTimeoutException.class, client.connect(sixth, new Chat()))
                            .getMessage());
            stuck.forEach(connecting -> assertFalse(connecting.isDone()));
            assertEquals(2, server.accepted());
        }
        assertEquals(0, LinkOpener.HOSTS.keys());
    }

    @Test
    void moreThanOneConnectToAHostMayBeAllowed() throws Exception {
        CountDownLatch together = new CountDownLatch(3);
        Peer[] peer = new Peer[1];
        try (Peer server = Peer.start(socket -> {
                    String head = peer[0].head(socket);
                    together.countDown();
                    assertTrue(together.await(20, TimeUnit.SECONDS), "three do not connect at a time");
                    Peer.greet(socket, head, "");
                });
                WebSocketClient client =
                        WebSocketClient.builder().proxy(null).connectsPerHost(3).build()) {
            peer[0] = server;
            List<CompletableFuture<WebSocket>> connecting = new ArrayList<>();
            for (int i = 0; i < 9; i++) {
                connecting.add(client.connect(server.uri(), new Chat()));
            }
            for (CompletableFuture<WebSocket> each : connecting) {
                Chat.get(each).abort();
            }
        }
    }

    @Test
    void waitingForAPlaceAmongTheClientsConnectsHasTheOverallTimeoutToo() throws Exception {
        try (FullBacklog silence = FullBacklog.at("127.0.0.1", 0);
                WebSocketClient client = WebSocketClient.builder()
                        .proxy(null)
                        .maxConnecting(1)
                        .connectTimeout(LONG)
                        .build()) {
            CompletableFuture<WebSocket> first = client.connect("ws://127.0.0.1:" + silence.port() + "/", new Chat());
            ConnectRequest second =
                    ConnectRequest.to("ws://127.0.0.2:1/").with(options -> options.timeout(Duration.ofMillis(100)));
            assertEquals(
                    "waited 100 ms in all, at last for its turn among this client's connects",
                    failure(SocketTimeoutException.class, client.connect(second, new Chat()))
                            .getMessage());
            assertFalse(first.isDone());
        }
    }

    /** Threads that all clients share must not inherit from the first thread that needs them. */
    @Test
    void theSharedThreadsInheritNothing() throws Exception {
        InheritableThreadLocal<String> tenant = new InheritableThreadLocal<>();
        CompletableFuture<String> seen = new CompletableFuture<>();
        ClassLoader loader = new ClassLoader(null) {};
        Thread request = new Thread(() -> {
            tenant.set("tenant A");
            Thread.currentThread().setContextClassLoader(loader);
            try (WebSocketClient client = WebSocketClient.builder()
                    .proxy(null)
                    .resolver(host -> {
                        seen.complete(
                                tenant.get() + " " + (Thread.currentThread().getContextClassLoader() == loader));
                        throw new IOException("no address");
                    })
                    .build()) {
                failure(IOException.class, client.connect("ws://name.test/", new Chat()));
            } catch (IOException e) {
                seen.completeExceptionally(e);
            }
        });
        OpenResources.awaitThreads(0);
        request.start();
        assertEquals("null false", Chat.get(seen));
        request.join();
    }
}
