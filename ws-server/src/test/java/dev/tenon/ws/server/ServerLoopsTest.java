package dev.tenon.ws.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.tenon.sockets.RecordingSockets;
import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.frame.ClosePayload;
import dev.tenon.ws.frame.Frame;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.transport.EventLoops;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The threads, selectors and sockets of a server, and what is left of them after its end. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ServerLoopsTest extends WebSocketServerTestBase {
    @Test
    void aFactoryMakesTheThreadsOfTheEventLoops() throws Exception {
        CompletableFuture<Thread> opened = new CompletableFuture<>();
        WebSocketListener listener = new WebSocketListener() {
            @Override
            public void onOpen(WebSocket webSocket) {
                opened.complete(Thread.currentThread());
            }
        };
        AtomicInteger made = new AtomicInteger();
        try (WebSocketServer server = builder()
                        .threads(task -> new Thread(task, "mine-" + made.incrementAndGet()))
                        .route("/ws", upgrade -> upgrade.accept(listener))
                        .start();
                RawClient peer = new RawClient(server)) {
            peer.send(RawClient.upgrade("/ws", ""));
            assertTrue(opened.get(20, TimeUnit.SECONDS).getName().startsWith("mine-"));
            assertEquals(2, made.get());
            assertTrue(server.isHealthy());
        }
    }

    @Test
    void aProviderOpensTheSelectorsAndTheListener() throws Exception {
        RecordingSockets sockets = new RecordingSockets(EventLoops.defaultSockets());
        try (WebSocketServer server = builder()
                        .sockets(sockets)
                        .routes(WebSocketServerTest::health)
                        .start();
                RawClient peer = new RawClient(server)) {
            peer.send("GET /health HTTP/1.0\r\n\r\n");
            assertTrue(peer.rest().endsWith("well"));
        }
        assertEquals(List.of("selector", "selector", "listener"), sockets.opened());
    }

    @Test
    void aHealthyServerIsAlive() throws Exception {
        try (WebSocketServer server = builder()
                .executor(task -> fail("a check needs no thread of the application"))
                .liveness("/live")
                .start()) {
            assertEquals("200", liveness(server));
        }
    }

    private static String liveness(WebSocketServer server) throws IOException {
        try (RawClient peer = new RawClient(server)) {
            peer.send("GET /live HTTP/1.0\r\n\r\n");
            return peer.head().substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length());
        }
    }

    @Test
    void aServerWithAFailedLoopIsUnhealthyAndServesOnTheOthers() throws Exception {
        List<Thread> made = new CopyOnWriteArrayList<>();
        try (WebSocketServer server = builder()
                .threads(task -> {
                    Thread thread = made.isEmpty() ? new Thread(task) : new Thread(() -> {});
                    made.add(thread);
                    return thread;
                })
                .route("/ws", upgrade -> upgrade.accept(new Echo()))
                .liveness("/live")
                .start()) {
            made.get(1).join(20_000);
            assertFalse(server.isHealthy());
            assertEquals("503", liveness(server));
            for (int i = 0; i < 3; i++) {
                try (RawClient peer = new RawClient(server)) {
                    peer.send(RawClient.upgrade("/ws", ""));
                    assertTrue(peer.head().startsWith("HTTP/1.1 101 "));
                }
            }
        }
    }

    @Test
    void sendsFromManyThreadsArriveWholeAndInOrderPerThread() throws Exception {
        int threads = 4;
        int messages = 2_000;
        CompletableFuture<WebSocket> opened = new CompletableFuture<>();
        WebSocketListener listener = new WebSocketListener() {
            @Override
            public void onOpen(WebSocket webSocket) {
                opened.complete(webSocket);
            }
        };
        try (WebSocketServer server = builder()
                        .options(ConnectionOptions.DEFAULT.withOutbound(1 << 24, 1 << 26))
                        .route("/ws", upgrade -> upgrade.accept(listener))
                        .start();
                RawClient peer = new RawClient(server)) {
            peer.send(RawClient.upgrade("/ws", ""));
            peer.head();
            WebSocket webSocket = opened.get(10, TimeUnit.SECONDS);
            CountDownLatch done = new CountDownLatch(threads);
            for (int t = 0; t < threads; t++) {
                int thread = t;
                new Thread(() -> {
                            for (int i = 0; i < messages; i++) {
                                webSocket.sendText(thread + ":" + i);
                            }
                            done.countDown();
                        })
                        .start();
            }
            assertTrue(done.await(20, TimeUnit.SECONDS));
            webSocket.close();
            List<String> received = peer.frames().stream()
                    .filter(frame -> frame.firstByte().opcode() == Opcode.TEXT)
                    .map(frame -> UTF_8.decode(frame.payload()).toString())
                    .toList();
            assertEquals(threads * messages, received.size());
            for (int t = 0; t < threads; t++) {
                String prefix = t + ":";
                List<String> own = received.stream()
                        .filter(text -> text.startsWith(prefix))
                        .toList();
                for (int i = 0; i < messages; i++) {
                    assertEquals(prefix + i, own.get(i));
                }
            }
        }
    }

    @Test
    void drainingClosesEveryConnectionAndLeavesNothingBehind() throws Exception {
        Echo[] echoes = {new Echo(), new Echo(), new Echo()};
        int[] next = {0};
        WebSocketServer server = builder()
                .loops(1)
                .route("/ws", upgrade -> upgrade.accept(echoes[next[0]++]))
                .start();
        RawClient polite = new RawClient(server);
        RawClient deaf = new RawClient(server);
        RawClient idle = new RawClient(server);
        for (RawClient peer : List.of(polite, deaf)) {
            peer.send(RawClient.upgrade("/ws", ""));
            peer.head();
        }
        Thread stopping = new Thread(() -> server.stop(Duration.ofSeconds(2)));
        stopping.start();
        Frame closeFrame = polite.frame();
        assertEquals(1001, ClosePayload.decode(closeFrame.payload()).code().value());
        polite.send(closeFrame);
        assertArrayEquals(new byte[0], polite.in.readAllBytes());
        assertEquals("", idle.rest());
        stopping.join();
        assertEquals(0, server.connections());
        assertTrue(echoes[0].closed.get().wasClean());
        assertFalse(echoes[1].closed.get().wasClean());
        assertThrows(IOException.class, () -> new RawClient(server).close());
        polite.close();
        deaf.close();
        idle.close();
        assertEquals("", threadsOf("tenon-server"));
    }

    private static String threadsOf(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .filter(thread -> thread.startsWith(name))
                .collect(Collectors.joining(" "));
    }

    @Test
    void aPortInUseIsAnExceptionAndLeavesNoResourcesBehind() throws Exception {
        try (WebSocketServer first = builder().start()) {
            String before = threadsOf("tenon-server");
            WebSocketServerBuilder second = WebSocketServer.builder()
                    .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .listen(first.addresses().get(0));
            assertThrows(IOException.class, second::start);
            assertEquals(before.length(), threadsOf("tenon-server").length());
        }
    }
}
