package dev.tenon.ws.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.ReadyState;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.handshake.HandshakeException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Messages are kept for those who wait for them, never too many, and the end comes behind the last. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InboxTest {
    private static final CloseEvent GONE = new CloseEvent(CloseCode.GOING_AWAY, "bye", true, null);

    /** The names of the calls that a connection gets, with a number if there is one. */
    private final List<String> calls = new ArrayList<>();

    private final WebSocket connection = connection();

    private WebSocket connection() {
        return (WebSocket) Proxy.newProxyInstance(
                WebSocket.class.getClassLoader(), new Class<?>[] {WebSocket.class}, (self, method, arguments) -> {
                    if (method.getName().equals("equals")) {
                        return self == arguments[0];
                    }
                    calls.add(method.getName() + (arguments == null ? "" : arguments[0]));
                    return null;
                });
    }

    private Inbox opened(long room) {
        Inbox inbox = Inbox.holding(room);
        assertEquals(1, inbox.initialDemand());
        inbox.onOpen(connection);
        return inbox;
    }

    private static Received now(Inbox inbox) throws Exception {
        return inbox.receive(Duration.ZERO);
    }

    @Test
    void messagesComeInOrderAndTheEndBehindTheLastForEver() throws Exception {
        Inbox inbox = opened(1000);
        assertSame(connection, inbox.webSocket());
        inbox.onText(connection, "one");
        ByteBuffer lent = ByteBuffer.wrap(new byte[] {9, 1, 2, 9}, 1, 2);
        inbox.onBinary(connection, lent);
        lent.put(1, (byte) 7);
        inbox.onClose(connection, GONE);
        assertEquals(new Received.Text("one"), inbox.receive());
        assertEquals(new Received.Binary(ByteBuffer.wrap(new byte[] {1, 2})), inbox.receive());
        assertEquals(new Received.End(GONE), inbox.receive());
        assertEquals(new Received.End(GONE), now(inbox));
    }

    @Test
    void theNextMessageIsAskedForOnlyWhileThereIsRoom() throws Exception {
        Inbox inbox = opened(300);
        inbox.onText(connection, "a"); // 130
        assertEquals(List.of("request1"), calls);
        inbox.onText(connection, "b"); // 260
        assertEquals(List.of("request1", "request1"), calls);
        inbox.onText(connection, "c"); // 390: too many
        assertEquals(2, calls.size());
        assertEquals(new Received.Text("a"), now(inbox)); // 260
        assertEquals(2, calls.size(), "at more than half of the room it is not worth it");
        assertEquals(new Received.Text("b"), now(inbox)); // 130
        assertEquals(3, calls.size());
        assertEquals(new Received.Text("c"), now(inbox));
        assertEquals(3, calls.size(), "asked for already");
    }

    @Test
    void withoutRoomOneMessageIsHeldAtATime() throws Exception {
        Inbox inbox = opened(0);
        inbox.onText(connection, "a");
        assertEquals(List.of(), calls);
        assertEquals(new Received.Text("a"), now(inbox));
        assertEquals(List.of("request1"), calls);
        assertThrows(IllegalArgumentException.class, () -> Inbox.holding(-1));
    }

    @Test
    void waitingHasADeadlineAndCanBeInterruptedAndLosesNothing() throws Exception {
        Inbox inbox = opened(1000);
        assertThrows(TimeoutException.class, () -> now(inbox));
        assertThrows(TimeoutException.class, () -> inbox.receive(Duration.ofMillis(1)));
        assertThrows(TimeoutException.class, () -> inbox.receive(Duration.ofSeconds(Long.MIN_VALUE)));
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, inbox::receive);
        assertFalse(Thread.interrupted());
        inbox.onText(connection, "one");
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, inbox::receive);
        assertEquals(new Received.Text("one"), inbox.receive(Duration.ofSeconds(Long.MAX_VALUE)));
    }

    @Test
    void closingDropsWhatWaitsAndAsksForAllThatIsBeforeTheEnd() throws Exception {
        Inbox inbox = opened(0);
        inbox.onText(connection, "one");
        inbox.close();
        inbox.close();
        assertEquals(List.of("close", "request" + Long.MAX_VALUE), calls);
        inbox.onText(connection, "two");
        assertThrows(TimeoutException.class, () -> now(inbox));
        inbox.onClose(connection, GONE);
        assertEquals(new Received.End(GONE), now(inbox));
    }

    @Test
    void anInboxIsForOneConnection() throws Exception {
        Inbox inbox = opened(1000);
        assertEquals(0, inbox.initialDemand());
        WebSocket other = connection();
        assertThrows(IllegalStateException.class, () -> inbox.onOpen(other));
        inbox.onText(other, "one");
        inbox.onClose(other, GONE);
        assertThrows(TimeoutException.class, () -> now(inbox));
    }

    @Test
    void anInboxClosedBeforeItIsOpenEndsAndTakesNoConnection() throws Exception {
        Inbox inbox = Inbox.create();
        assertThrows(IllegalStateException.class, inbox::webSocket);
        inbox.close();
        assertEquals(
                CloseCode.ABNORMAL_CLOSURE, ((Received.End) now(inbox)).event().code());
        inbox.onOpen(connection);
        assertEquals(List.of("abort"), calls);
    }

    @Test
    void allWhoWaitAreToldOfTheEnd() throws Exception {
        Inbox inbox = opened(1000);
        BlockingQueue<Received> got = new LinkedBlockingQueue<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Thread thread = new Thread(() -> {
                try {
                    got.add(inbox.receive());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            Level.await("it does not wait", () -> thread.getState() == Thread.State.WAITING);
        }
        inbox.onClose(connection, GONE);
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(List.of(new Received.End(GONE), new Received.End(GONE), new Received.End(GONE)), List.copyOf(got));
    }

    // Over real connections

    private static WebSocketClient client(@Nullable Executor executor) throws IOException {
        WebSocketClient.Builder builder = WebSocketClient.builder().proxy(null);
        return (executor == null ? builder : builder.listenerExecutor(executor)).build();
    }

    private static byte[] text(int number) {
        String digits = String.format(java.util.Locale.ROOT, "%08d", number);
        return ("\u0081\u0008" + digits).getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    /** Sends numbered texts and a Close frame, and says where a masked pong is read. */
    private static Peer numbering(int count, CountDownLatch ponged) throws Exception {
        Peer[] peer = new Peer[1];
        peer[0] = Peer.start(socket -> {
            Peer.say(socket, Peer.upgrade(peer[0].head(socket), ""));
            Peer.say(socket, "\u0089\u0001p");
            readPong(socket);
            ponged.countDown();
            for (int i = 0; i < count; i++) {
                socket.getOutputStream().write(text(i));
            }
            Peer.say(socket, "\u0088\u0002\u0003\u00e9"); // 1001
            Peer.drain(socket);
        });
        return peer[0];
    }

    private static void readPong(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        assertEquals(0x8A, in.read());
        assertEquals(0x81, in.read());
        assertEquals(5, in.readNBytes(5).length);
    }

    private static void assertNumbers(Inbox inbox, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            assertEquals(
                    new Received.Text(String.format(java.util.Locale.ROOT, "%08d", i)),
                    inbox.receive(Duration.ofSeconds(30)));
        }
        assertEquals(
                CloseCode.GOING_AWAY, ((Received.End) inbox.receive()).event().code());
    }

    @Test
    void everythingThatAFastServerSendsIsReceivedWithItsEnd() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(2);
        for (Executor executor : new Executor[] {null, pool}) {
            CountDownLatch ponged = new CountDownLatch(1);
            try (Peer server = numbering(20_000, ponged);
                    WebSocketClient client = client(executor);
                    Inbox inbox = Inbox.open(client, ConnectRequest.to(server.uri()))) {
                assertTrue(ponged.await(20, TimeUnit.SECONDS), "a ping is answered although nobody receives");
                assertNumbers(inbox, 20_000);
            }
        }
        pool.shutdown();
    }

    @Test
    void whatWasTakenIsReceivedAlthoughClientAndLoopHaveEnded() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(2);
        for (Executor executor : new Executor[] {null, pool}) {
            Level.awaitThreads(0); // those of other tests
            try (Peer server = numbering(100, new CountDownLatch(1))) {
                Inbox inbox = Inbox.holding(0);
                WebSocketClient client = client(executor);
                WebSocket webSocket = Chat.get(client.connect(server.uri(), inbox));
                Level.await("its end has not come", () -> webSocket.readyState() != ReadyState.OPEN);
                client.close();
                assertEquals(0, Level.threads());
                assertNumbers(inbox, 100);
            }
        }
        pool.shutdown();
    }

    @Test
    void closingDoesNotWaitForWhatNobodyReceives() throws Exception {
        try (Peer server = numbering(5_000, new CountDownLatch(1));
                WebSocketClient client = client(null)) {
            Inbox inbox = Inbox.holding(0);
            Chat.get(client.connect(server.uri(), inbox));
            assertTrue(inbox.receive() instanceof Received.Text);
            inbox.close();
            assertTrue(inbox.receive() instanceof Received.End);
        }
    }

    @Test
    void openSaysWhyThereIsNoConnection() throws Exception {
        Peer[] peer = new Peer[1];
        try (Peer server = Peer.start(socket -> {
                    peer[0].head(socket);
                    Peer.say(socket, Peer.answer(404));
                });
                WebSocketClient client = client(null)) {
            peer[0] = server;
            HandshakeException refused =
                    assertThrows(HandshakeException.class, () -> Inbox.open(client, ConnectRequest.to(server.uri())));
            assertEquals(404, refused.status());
        }
        try (WebSocketClient client = client(null)) {
            String uri = peer[0].uri();
            assertThrows(ConnectException.class, () -> Inbox.open(client, ConnectRequest.to(uri)));
        }
    }

    @Test
    void openIsInterruptibleAndGivesTheAttemptUp() throws Exception {
        try (Silence silence = Silence.at("127.0.0.1", 0);
                WebSocketClient client = client(null)) {
            ConnectRequest request = ConnectRequest.to("ws://127.0.0.1:" + silence.port() + "/");
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, () -> Inbox.open(client, request));
            Level.await("its turn is not given back", () -> LinkOpener.HOSTS.keys() == 0);
        }
    }

    @Test
    void anEventLoopDoesNotWaitForItself() throws Exception {
        Peer[] peer = new Peer[1];
        try (Peer server = Peer.start(socket -> peer[0].greet(socket));
                WebSocketClient client = client(null)) {
            peer[0] = server;
            CompletableFuture<Throwable> thrown = new CompletableFuture<>();
            Chat.get(client.connect(server.uri(), new WebSocketListener() {
                @Override
                public void onOpen(WebSocket webSocket) {
                    thrown.complete(assertThrows(
                            IllegalStateException.class, () -> Inbox.open(client, ConnectRequest.to(server.uri()))));
                }
            }));
            assertTrue(Chat.get(thrown) instanceof IllegalStateException);
        }
    }

    @Test
    void virtualThreadsWaitWithoutCarriers() throws Exception {
        ExecutorService threads = virtualThreads();
        org.junit.jupiter.api.Assumptions.assumeTrue(threads != null, "virtual threads came with Java 21");
        CountDownLatch waiting = new CountDownLatch(200);
        CountDownLatch got = new CountDownLatch(200);
        Inbox inbox = opened(1000);
        for (int i = 0; i < 200; i++) {
            threads.execute(() -> {
                waiting.countDown();
                try {
                    inbox.receive();
                    got.countDown();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }
        assertTrue(waiting.await(20, TimeUnit.SECONDS), "some threads hold carriers while they wait");
        inbox.onClose(connection, GONE);
        assertTrue(got.await(20, TimeUnit.SECONDS));
        threads.shutdown();
    }

    private static @Nullable ExecutorService virtualThreads() throws IllegalAccessException, InvocationTargetException {
        try {
            return (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (NoSuchMethodException old) {
            return null;
        }
    }
}
