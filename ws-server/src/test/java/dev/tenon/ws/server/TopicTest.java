package dev.tenon.ws.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.connection.PreparedMessage;
import dev.tenon.ws.connection.SendResult;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.ClosePayload;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.Frame;
import dev.tenon.ws.topics.SlowSubscriber;
import dev.tenon.ws.topics.Topic;
import dev.tenon.ws.topics.Topics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Published messages reach all subscribers, and subscribers that do not read delay no other. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TopicTest {
    /**
     * The outbound limit, and the bytes gathered for one write, all of which may have to wait: the limit counts bytes
     * that already wait, and one gathering write takes up to 30 shared frames, of 20,004 bytes here.
     */
    private static final long MOST_BUFFERED = 64 * 1024 + 30 * 20_004;

    /** Subscribes when it opens; records its events. */
    private static final class SubscribingListener implements WebSocketListener {
        private final Topic topic;
        final List<WebSocket> sessions = new CopyOnWriteArrayList<>();
        final List<CloseEvent> closed = new CopyOnWriteArrayList<>();
        final AtomicLong mostBuffered = new AtomicLong();
        final AtomicLong writable = new AtomicLong();

        SubscribingListener(Topic topic) {
            this.topic = topic;
        }

        @Override
        public void onOpen(WebSocket webSocket) {
            topic.subscribe(webSocket);
            topic.subscribe(webSocket); // a second subscription changes nothing
            sessions.add(webSocket);
        }

        @Override
        public void onText(WebSocket webSocket, String text) {
            topic.publishText(text);
        }

        @Override
        public void onWritable(WebSocket webSocket) {
            writable.incrementAndGet();
        }

        @Override
        public void onClose(WebSocket webSocket, CloseEvent event) {
            closed.add(event);
        }

        void measure() {
            for (WebSocket session : sessions) {
                mostBuffered.accumulateAndGet(session.bufferedAmount(), Math::max);
            }
        }
    }

    private static WebSocketServer server(WebSocketListener listener, int loops, ConnectionOptions options)
            throws IOException {
        return WebSocketServer.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .extensions(Extensions.none())
                .options(options)
                .loops(loops)
                .route("/ws", upgrade -> upgrade.accept(listener))
                .start();
    }

    private static RawClient open(WebSocketServer server) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(16 * 1024);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
        RawClient peer = new RawClient(socket);
        peer.send(RawClient.upgrade("/ws", ""));
        assertTrue(peer.head().startsWith("HTTP/1.1 101 "));
        return peer;
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + 20_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, "it has not come to be in time");
            Thread.sleep(2);
        }
    }

    @Test
    void everySubscriberGetsAllInTheSameOrderFromManyPublishers() throws Exception {
        Topic topic = Topic.of(SlowSubscriber.CLOSE);
        SubscribingListener listener = new SubscribingListener(topic);
        List<RawClient> peers = new ArrayList<>();
        try (WebSocketServer server = server(listener, 3, ConnectionOptions.DEFAULT)) {
            for (int i = 0; i < 12; i++) {
                peers.add(open(server));
            }
            await(() -> topic.size() == 12);
            List<Thread> publishers = new ArrayList<>();
            for (int p = 0; p < 3; p++) {
                String name = "p" + p + " ";
                publishers.add(new Thread(() -> {
                    for (int i = 0; i < 100; i++) {
                        assertEquals(SendResult.QUEUED, topic.publishText(name + i));
                    }
                }));
            }
            publishers.forEach(Thread::start);
            for (int i = 0; i < 100; i++) { // also a publisher on a loop
                peers.get(0).send(Frame.text("p3 " + i));
            }
            List<String> first = texts(peers.get(0), 400);
            int[] next = new int[4];
            for (String text : first) {
                int publisher = text.charAt(1) - '0';
                assertEquals("p" + publisher + " " + next[publisher]++, text);
            }
            for (RawClient peer : peers.subList(1, 12)) {
                assertEquals(first, texts(peer, 400));
            }
            for (Thread publisher : publishers) {
                publisher.join();
            }
            assertEquals(0, topic.missed());
        } finally {
            for (RawClient peer : peers) {
                peer.close();
            }
        }
        assertEquals(0, topic.size(), "the server has stopped");
    }

    private static List<String> texts(RawClient peer, int count) throws IOException {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add(StandardCharsets.UTF_8.decode(peer.frame().payload()).toString());
        }
        return texts;
    }

    @Test
    void anUnsubscribedConnectionGetsNoLaterMessage() throws Exception {
        Topic topic = Topic.of(SlowSubscriber.SKIP);
        SubscribingListener listener = new SubscribingListener(topic);
        try (WebSocketServer server = server(listener, 2, ConnectionOptions.DEFAULT);
                RawClient peer = open(server)) {
            await(() -> listener.sessions.size() == 1);
            WebSocket session = listener.sessions.get(0);
            topic.publishText("before");
            topic.unsubscribe(session);
            topic.unsubscribe(session);
            topic.publishText("between");
            topic.subscribe(session);
            topic.publishText("after");
            assertEquals(List.of("before", "after"), texts(peer, 2));
            assertEquals(1, topic.size());
            peer.send(Frame.close(ClosePayload.EMPTY));
            peer.frames();
            await(() -> topic.size() == 0);
            topic.subscribe(session);
            await(() -> topic.size() == 0);
        }
    }

    @Test
    void aSlowSubscriberMissesMessagesUntilItIsWritable() throws Exception {
        Topic topic = Topic.of(SlowSubscriber.SKIP);
        SubscribingListener listener = new SubscribingListener(topic);
        ConnectionOptions options = ConnectionOptions.DEFAULT.withOutbound(16 * 1024, 64 * 1024);
        try (WebSocketServer server = server(listener, 1, options);
                RawClient slow = open(server)) {
            await(() -> topic.size() == 1);
            PreparedMessage message = PreparedMessage.binary(ByteBuffer.allocate(20_000));
            int published = 0;
            while (topic.missed() < 50) {
                if (topic.publish(message) != SendResult.REFUSED) {
                    published++;
                }
                listener.measure();
                assertTrue(published < 10_000, "a socket takes that much?");
            }
            SendResult result;
            do { // the last message is behind all that waited in the loop
                result = topic.publish(message);
                published += result == SendResult.REFUSED ? 0 : 1;
            } while (result != SendResult.QUEUED);
            assertTrue(listener.mostBuffered.get() <= MOST_BUFFERED, () -> "" + listener.mostBuffered);
            assertTrue(listener.closed.isEmpty());
            for (int turn = 0; turn < 3; turn++) { // fewer than two batches are waiting
                CompletableFuture<Boolean> done = new CompletableFuture<>();
                listener.sessions.get(0).executor().execute(() -> done.complete(true));
                assertTrue(done.get(10, TimeUnit.SECONDS));
            }
            byte[] frame = new byte[20_004];
            for (long left = published - topic.missed(); left > 0; left--) {
                assertEquals(frame.length, slow.in.readNBytes(frame, 0, frame.length));
            }
            await(() -> listener.writable.get() > 0);
            topic.publishText("again");
            assertEquals(List.of("again"), texts(slow, 1)); // and no message in between
        }
    }

    @Test
    void aSlowSubscriberIsClosedAndTheOthersDoNotNotice() throws Exception {
        Topic topic = Topic.of(SlowSubscriber.CLOSE);
        SubscribingListener listener = new SubscribingListener(topic);
        ConnectionOptions options =
                ConnectionOptions.DEFAULT.withOutbound(16 * 1024, 64 * 1024).withCloseTimeout(Duration.ofMillis(500));
        try (WebSocketServer server = server(listener, 1, options);
                RawClient slow = open(server);
                RawClient good = open(server)) {
            assertFalse(slow.socket.isClosed());
            await(() -> topic.size() == 2);
            PreparedMessage message = PreparedMessage.binary(ByteBuffer.allocate(20_000));
            long end = System.nanoTime() + 20_000_000_000L;
            while (topic.size() == 2) { // until the slow subscriber is full, and then until it is closed
                assertEquals(SendResult.QUEUED, topic.publish(message));
                assertEquals(20_004, good.in.readNBytes(20_004).length);
                listener.measure();
                assertTrue(System.nanoTime() < end, "it has not been closed in time");
            }
            assertEquals(1, topic.size());
            assertTrue(topic.missed() >= 1);
            assertTrue(listener.mostBuffered.get() <= MOST_BUFFERED, () -> "" + listener.mostBuffered);
            topic.publishText("still here");
            assertEquals(Frame.text("still here"), good.frame());
        }
    }

    @Test
    void aSlowSubscriberThatReadsAgainGetsTheCloseFrame() throws Exception {
        Topic topic = Topic.of(SlowSubscriber.CLOSE);
        SubscribingListener listener = new SubscribingListener(topic);
        ConnectionOptions options = ConnectionOptions.DEFAULT.withOutbound(16 * 1024, 64 * 1024);
        try (WebSocketServer server = server(listener, 1, options);
                RawClient slow = open(server)) {
            await(() -> topic.size() == 1);
            PreparedMessage message = PreparedMessage.binary(ByteBuffer.allocate(20_000));
            while (topic.missed() == 0) {
                topic.publish(message);
            }
            CompletableFuture<List<Frame>> read = new CompletableFuture<>();
            new Thread(() -> {
                        try {
                            List<Frame> frames = new ArrayList<>();
                            byte[] whole = new byte[20_004];
                            while (frames.isEmpty()) {
                                int first = slow.in.read();
                                if (first == 0x88) {
                                    frames.add(new Frame(
                                            FirstByte.of(first), ByteBuffer.wrap(slow.in.readNBytes(slow.in.read()))));
                                } else {
                                    slow.in.readNBytes(whole, 0, whole.length - 1);
                                }
                            }
                            slow.send(Frame.close(ClosePayload.EMPTY));
                            read.complete(frames);
                        } catch (IOException e) {
                            read.completeExceptionally(e);
                        }
                    })
                    .start();
            assertEquals(
                    List.of(Frame.close(new ClosePayload(CloseCode.TRY_AGAIN_LATER, ""))),
                    read.get(20, TimeUnit.SECONDS));
            await(() -> topic.size() == 0);
        }
    }

    @Test
    void subscribingAndLeavingWhileMessagesArePublishedLeavesNothingBehind() throws Exception {
        Topics topics = Topics.of(SlowSubscriber.SKIP);
        List<WebSocket> sessions = new CopyOnWriteArrayList<>();
        WebSocketListener listener = new WebSocketListener() {
            @Override
            public void onOpen(WebSocket webSocket) {
                sessions.add(webSocket);
                topics.subscribe("room " + sessions.size() % 3, webSocket);
            }
        };
        AtomicBoolean over = new AtomicBoolean();
        List<Throwable> thrown = new CopyOnWriteArrayList<>();
        try (WebSocketServer server = server(listener, 3, ConnectionOptions.DEFAULT)) {
            List<Thread> threads = new ArrayList<>();
            for (int t = 0; t < 2; t++) {
                Random random = new Random(t);
                threads.add(new Thread(() -> {
                    while (!over.get()) {
                        topics.publishText("room " + random.nextInt(4), "news");
                        if (!sessions.isEmpty()) {
                            WebSocket session = sessions.get(random.nextInt(sessions.size()));
                            if (random.nextBoolean()) {
                                topics.subscribe("room " + random.nextInt(4), session);
                            } else {
                                topics.unsubscribe("room " + random.nextInt(4), session);
                            }
                        }
                        Thread.onSpinWait();
                    }
                }));
            }
            threads.forEach(thread -> thread.setUncaughtExceptionHandler((where, what) -> thrown.add(what)));
            threads.forEach(Thread::start);
            for (int i = 0; i < 150; i++) {
                RawClient peer = open(server);
                if (i % 2 == 0) {
                    peer.send(Frame.close(ClosePayload.EMPTY));
                } else {
                    peer.socket.setSoLinger(true, 0); // a reset
                }
                peer.close();
            }
            over.set(true);
            for (Thread thread : threads) {
                thread.join();
            }
            await(() -> server.connections() == 0);
            await(() -> topics.names().isEmpty());
            assertEquals(List.of(), thrown);
            assertEquals(150, sessions.size());
            topics.subscribe("late", sessions.get(0));
            await(() -> topics.names().isEmpty());
        }
        topics.subscribe("too late", sessions.get(0));
        assertEquals(Set.of(), topics.names());
        assertEquals(0, topics.size("too late"));
        assertEquals(SendResult.QUEUED, topics.publish("nobody", PreparedMessage.text("x")));
        topics.unsubscribe("nobody", sessions.get(0));
    }
}
