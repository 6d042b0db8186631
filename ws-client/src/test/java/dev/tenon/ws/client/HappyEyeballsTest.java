package dev.tenon.ws.client;

import static dev.tenon.ws.client.Chat.failure;
import static dev.tenon.ws.client.Chat.get;
import static dev.tenon.ws.client.Chat.greeted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.WebSocket;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Looking up addresses, racing them, and waiting for a turn. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HappyEyeballsTest {
    private static WebSocketClient.Builder to(String... addresses) {
        return WebSocketClient.builder().proxy(null).resolver(host -> {
            List<InetAddress> all = new ArrayList<>();
            for (String address : addresses) {
                all.add(InetAddress.getByName(address));
            }
            return all;
        });
    }

    private static Peer greeting(String address, int port) throws Exception {
        Peer[] peer = new Peer[1];
        CountDownLatch made = new CountDownLatch(1);
        peer[0] = Peer.at(address, port, socket -> {
            made.await();
            peer[0].greet(socket);
        });
        made.countDown();
        return peer[0];
    }

    @Test
    void anAddressThatRefusesIsFollowedByTheNextAtOnce() throws Exception {
        try (Peer peer = greeting("127.0.0.1", 0);
                WebSocketClient client = to("127.0.0.2", "127.0.0.3", "127.0.0.1")
                        .stagger(Duration.ofHours(1))
                        .build()) {
            greeted(client, "ws://many.test:" + peer.port() + "/").close();
            assertEquals("many.test:" + peer.port(), Peer.header(peer.heads.get(0), "Host"));
        }
    }

    @Test
    void aSilentAddressDelaysTheNextOneOnlyBriefly() throws Exception {
        try (Peer peer = greeting("127.0.0.1", 0);
                FullBacklog silence = FullBacklog.at("127.0.0.2", peer.port());
                WebSocketClient client = to("127.0.0.2", "127.0.0.1")
                        .stagger(Duration.ofMillis(300))
                        .build()) {
            assertEquals(peer.port(), silence.port());
            long start = System.nanoTime();
            greeted(client, "ws://many.test:" + peer.port() + "/").close();
            long millis = (System.nanoTime() - start) / 1_000_000;
            assertTrue(millis >= 300 && millis < 5_000, "took " + millis + " ms");
        }
    }

    @Test
    void theFirstToConnectWinsAndTheOthersAreClosed() throws Exception {
        try (Peer first = greeting("127.0.0.1", 0);
                FullBacklog silence = FullBacklog.at("127.0.0.2", first.port());
                FullBacklog second = FullBacklog.at("127.0.0.3", first.port());
                WebSocketClient client = to("127.0.0.2", "127.0.0.3", "127.0.0.1")
                        .stagger(Duration.ofMillis(20))
                        .build()) {
            assertEquals(silence.port(), second.port());
            long before = OpenResources.descriptors();
            WebSocket webSocket = greeted(client, "ws://many.test:" + first.port() + "/");
            OpenResources.awaitDescriptors(before + 2); // both ends of the one connection
            assertEquals(0, LinkOpener.HOSTS.keys());
            webSocket.close();
        }
    }

    @Test
    void whenAllFailTheFailureNamesThemAndHoldsEachReason() throws Exception {
        int port;
        try (Peer peer = greeting("127.0.0.1", 0)) {
            port = peer.port();
        }
        try (WebSocketClient client = to("127.0.0.2", "127.0.0.1").build()) {
            ConnectException refused =
                    failure(ConnectException.class, client.connect("ws://many.test:" + port + "/", new Chat()));
            assertTrue(
                    String.valueOf(refused.getMessage())
                            .startsWith("cannot connect to many.test:" + port + " (127.0.0.2, 127.0.0.1): "),
                    refused.getMessage());
            assertInstanceOf(ConnectException.class, refused.getCause());
            assertEquals(1, refused.getSuppressed().length);
        }
    }

    @Test
    void aHostWithoutAddressesIsUnknown() throws Exception {
        try (WebSocketClient client = to().build()) {
            failure(UnknownHostException.class, client.connect("ws://none.test/", new Chat()));
        }
        try (WebSocketClient client = WebSocketClient.builder()
                .proxy(null)
                .resolver(host -> {
                    throw new UnknownHostException(host);
                })
                .build()) {
            failure(UnknownHostException.class, client.connect("ws://none.test/", new Chat()));
        }
    }

    @Test
    void aLiteralIsNotLookedUp() throws Exception {
        AtomicInteger lookUps = new AtomicInteger();
        try (Peer peer = greeting("127.0.0.1", 0);
                WebSocketClient client = WebSocketClient.builder()
                        .proxy(null)
                        .resolver(host -> {
                            lookUps.incrementAndGet();
                            return List.of();
                        })
                        .build()) {
            greeted(client, peer.uri()).close();
            assertEquals(0, lookUps.get());
        }
    }

    @Test
    void aResolverHasADeadlineAndIsInterruptedWhenItPasses() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        try (WebSocketClient client = WebSocketClient.builder()
                .proxy(null)
                .resolveTimeout(Duration.ofSeconds(1))
                .resolver(host -> {
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        interrupted.countDown();
                    }
                    return List.of();
                })
                .build()) {
            SocketTimeoutException late =
                    failure(SocketTimeoutException.class, client.connect("ws://slow.test/", new Chat()));
            assertEquals("waited 1000 ms for the address of slow.test", late.getMessage());
            assertTrue(interrupted.await(20, TimeUnit.SECONDS));
        }
    }

    /** RFC 6455 §4.1, point 2: one per host and port, also for different clients. */
    @Test
    void connectsToOneHostTakeTurnsInTheirOrder() throws Exception {
        int connects = 12;
        AtomicInteger connecting = new AtomicInteger();
        AtomicBoolean overlapped = new AtomicBoolean();
        List<String> order = java.util.Collections.synchronizedList(new ArrayList<>());
        Peer[] peer = new Peer[1];
        try (Peer server = Peer.start(socket -> {
                    overlapped.compareAndSet(false, connecting.incrementAndGet() > 1);
                    String head = peer[0].head(socket);
                    order.add(head.split(" ", -1)[1]);
                    Thread.sleep(5);
                    connecting.decrementAndGet();
                    Peer.greet(socket, head, "");
                });
                WebSocketClient one = to("127.0.0.1").build();
                WebSocketClient two = to("127.0.0.1").loops(1).build()) {
            peer[0] = server;
            List<CompletableFuture<WebSocket>> pending = new ArrayList<>();
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < connects; i++) {
                expected.add("/" + i);
                pending.add(one.connect("ws://name.test:" + server.port() + "/" + i, new Chat()));
                if (i == 0) {
                    get(pending.get(0));
                }
            }
            pending.add(two.connect("ws://name.test:" + server.port() + "/other", new Chat()));
            for (CompletableFuture<WebSocket> connected : pending) {
                get(connected).abort();
            }
            assertTrue(!overlapped.get(), "two connections were in CONNECTING");
            order.removeIf(host -> host.equals("/other"));
            assertEquals(expected.size(), order.size());
            assertEquals(new java.util.HashSet<>(expected), new java.util.HashSet<>(order));
            assertEquals(0, LinkOpener.HOSTS.keys());
        }
    }

    @Test
    void aTurnThatIsNotWantedAnyMoreIsPassedOn() throws Exception {
        CountDownLatch stall = new CountDownLatch(1);
        Peer[] peer = new Peer[1];
        try (Peer server = Peer.start(socket -> {
                    String head = peer[0].head(socket);
                    if (head.startsWith("GET /stall ")) {
                        stall.countDown();
                        Peer.drain(socket);
                    } else {
                        Peer.greet(socket, head, "");
                    }
                });
                WebSocketClient client = WebSocketClient.builder().proxy(null).build()) {
            peer[0] = server;
            String base = "ws://127.0.0.1:" + server.port();
            CompletableFuture<WebSocket> stalled = client.connect(base + "/stall", new Chat());
            CompletableFuture<WebSocket> forgotten = client.connect(base + "/forgotten", new Chat());
            CompletableFuture<WebSocket> last = client.connect(base + "/last", new Chat());
            assertTrue(stall.await(20, TimeUnit.SECONDS));
            forgotten.cancel(true);
            assertTrue(!last.isDone());
            stalled.cancel(true);
            get(last).close();
            assertEquals(2, server.heads.size());
        }
    }

    @Test
    void theLimitHoldsForAllHostsTogether() throws Exception {
        AtomicInteger connecting = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Peer[] peer = new Peer[1];
        Peer.Script slow = socket -> {
            String head = peer[0].head(socket);
            most.accumulateAndGet(connecting.incrementAndGet(), Math::max);
            Thread.sleep(20);
            connecting.decrementAndGet();
            Peer.greet(socket, head, "");
        };
        try (Peer server = Peer.start(slow);
                Peer second = Peer.at("127.0.0.2", server.port(), slow);
                Peer third = Peer.at("127.0.0.3", server.port(), slow);
                WebSocketClient client =
                        WebSocketClient.builder().proxy(null).maxConnecting(2).build()) {
            peer[0] = server;
            List<CompletableFuture<WebSocket>> pending = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                pending.add(client.connect("ws://127.0.0." + (1 + i % 3) + ":" + second.port() + "/", new Chat()));
            }
            for (CompletableFuture<WebSocket> connected : pending) {
                get(connected).abort();
            }
            assertEquals(2, most.get(), () -> "at most at a time; third listens on " + third.port());
        }
    }
}
