package dev.tenon.ws.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tenon.ws.connection.MessageType;
import dev.tenon.ws.connection.StreamingListener;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.frame.ClosePayload;
import dev.tenon.ws.frame.Frame;
import dev.tenon.ws.frame.Opcode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Listeners with an executor, called outside the event loop. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ListenerExecutorTest extends ListenerExecutorTestBase {
    @Test
    void aBlockedListenerStopsItsOwnConnectionAndNothingElse() throws Exception {
        BlockingListener blocking = new BlockingListener();
        try (WebSocketServer server = builder(pool, blocking).start();
                RawClient slow = open(server, "/ws");
                RawClient other = open(server, "/echo");
                RawClient onLoop = open(server, "/loop")) {
            slow.send(Frame.text("first"));
            assertTrue(blocking.entered.await(10, TimeUnit.SECONDS));
            for (int i = 0; i < 200; i++) {
                slow.send(ping(ByteBuffer.wrap(new byte[] {(byte) i})));
                assertEquals(Opcode.PONG, slow.frame().firstByte().opcode());
                other.send(Frame.text("other " + i));
                assertEquals(Frame.text("other " + i), other.frame());
                onLoop.send(Frame.text("loop " + i));
                assertEquals(Frame.text("loop " + i), onLoop.frame());
            }
            slow.send(Frame.text("second"));
            slow.send(Frame.close(ClosePayload.EMPTY));
            assertEquals(List.of("open"), blocking.calls);
            blocking.release.countDown();
            blocking.closed.get(10, TimeUnit.SECONDS);
            assertEquals("first", blocking.calls.get(1));
            assertEquals(List.of("second", "close"), blocking.calls.subList(66, 68));
            assertEquals(
                    64, blocking.calls.stream().filter("ping"::equals).count(), "the first pings of many, no more");
        }
    }

    @Test
    void theQueueOfABlockedListenerIsBounded() throws Exception {
        BlockingListener blocking = new BlockingListener();
        try (WebSocketServer server = builder(pool, blocking).start();
                RawClient slow = open(server, "/ws")) {
            byte[] message = RawClient.masked(Frame.text("x".repeat(10_000)));
            int sent = 0;
            slow.socket.setSendBufferSize(64 * 1024);
            CompletableFuture<Integer> stalled = new CompletableFuture<>();
            AtomicInteger count = new AtomicInteger();
            Thread flood = new Thread(() -> {
                try {
                    while (count.get() < 10_000) {
                        slow.socket.getOutputStream().write(message);
                        count.incrementAndGet();
                    }
                    stalled.complete(count.get());
                } catch (IOException e) {
                    stalled.completeExceptionally(e);
                }
            });
            flood.start();
            assertTrue(blocking.entered.await(10, TimeUnit.SECONDS));
            do { // until the number no longer changes
                sent = count.get();
                assertThrows(TimeoutException.class, () -> stalled.get(1, TimeUnit.SECONDS));
            } while (sent != count.get());
            assertTrue(sent < 2_000, "100 MB would fit: " + sent);
            blocking.release.countDown();
            assertEquals(10_000, stalled.get(30, TimeUnit.SECONDS));
            slow.send(Frame.close(ClosePayload.EMPTY));
            blocking.closed.get(30, TimeUnit.SECONDS);
            assertEquals(10_002, blocking.calls.size());
        }
    }

    @Test
    void demandHoldsOnAnExecutorToo() throws Exception {
        CompletableFuture<WebSocket> session = new CompletableFuture<>();
        List<String> seen = new CopyOnWriteArrayList<>();
        WebSocketListener pulling = new WebSocketListener() {
            @Override
            public long initialDemand() {
                return 2;
            }

            @Override
            public void onOpen(WebSocket webSocket) {
                session.complete(webSocket);
            }

            @Override
            public void onText(WebSocket webSocket, String text) {
                seen.add(text);
                webSocket.sendText(text);
            }
        };
        try (WebSocketServer server = builder(pool, pulling).start();
                RawClient peer = open(server, "/ws")) {
            for (int i = 0; i < 10; i++) {
                peer.send(Frame.text("" + i));
            }
            assertEquals(Frame.text("0"), peer.frame());
            assertEquals(Frame.text("1"), peer.frame());
            peer.send(ping(ByteBuffer.allocate(0)));
            assertEquals(Opcode.PONG, peer.frame().firstByte().opcode());
            assertEquals(List.of("0", "1"), seen);
            session.get(1, TimeUnit.SECONDS).request(1);
            assertEquals(Frame.text("2"), peer.frame());
            peer.socket.setSoTimeout(300);
            assertThrows(SocketTimeoutException.class, peer::frame);
            peer.socket.setSoTimeout(10_000);
            session.get(1, TimeUnit.SECONDS).request(Long.MAX_VALUE);
            for (int i = 3; i < 10; i++) {
                assertEquals(Frame.text("" + i), peer.frame());
            }
            assertThrows(
                    IllegalArgumentException.class,
                    () -> session.get(1, TimeUnit.SECONDS).request(0));
        }
    }

    @Test
    void aListenerOnAnExecutorOwnsItsPieces() throws Exception {
        CompletableFuture<byte[]> whole = new CompletableFuture<>();
        StreamingListener keeping = new StreamingListener() {
            private final List<ByteBuffer> kept = new CopyOnWriteArrayList<>();

            @Override
            public void onPiece(WebSocket webSocket, MessageType type, ByteBuffer piece, boolean last) {
                kept.add(piece);
                if (last) {
                    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                    for (ByteBuffer one : kept) {
                        byte[] part = new byte[one.remaining()];
                        one.get(part);
                        bytes.writeBytes(part);
                    }
                    whole.complete(bytes.toByteArray());
                }
            }
        };
        byte[] message = new byte[900_000];
        new Random(7).nextBytes(message);
        try (WebSocketServer server = builder(pool, keeping).start();
                RawClient peer = open(server, "/ws")) {
            peer.send(Frame.binary(ByteBuffer.wrap(message)));
            assertArrayEquals(message, whole.get(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void listenersRunOnVirtualThreads() throws Exception {
        ExecutorService virtual = virtualThreads();
        assumeTrue(virtual != null, "virtual threads came with Java 21");
        assertNotNull(virtual);
        CompletableFuture<String> thread = new CompletableFuture<>();
        WebSocketListener listener = new WebSocketListener() {
            @Override
            public void onText(WebSocket webSocket, String text) {
                thread.complete(Thread.currentThread().toString());
                webSocket.sendText(text);
            }
        };
        try (WebSocketServer server = builder(virtual, listener).start();
                RawClient peer = open(server, "/ws")) {
            for (int i = 0; i < 100; i++) {
                peer.send(Frame.text("" + i));
            }
            for (int i = 0; i < 100; i++) {
                assertEquals(Frame.text("" + i), peer.frame());
            }
            assertTrue(thread.get(1, TimeUnit.SECONDS).startsWith("VirtualThread"));
        } finally {
            virtual.shutdownNow();
        }
    }

    static @Nullable ExecutorService virtualThreads() throws ReflectiveOperationException {
        try {
            return (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (NoSuchMethodException older) {
            return null;
        }
    }

    @Test
    void withoutAnExecutorTheEventLoopCallsTheListener() throws Exception {
        CompletableFuture<Thread> opened = new CompletableFuture<>();
        CompletableFuture<Thread> onPool = new CompletableFuture<>();
        try (WebSocketServer server = WebSocketServer.builder()
                        .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .route("/ws", upgrade -> upgrade.accept(reportingThread(opened)))
                        .route(
                                "/pool",
                                upgrade ->
                                        upgrade.accept(reportingThread(onPool)).withExecutor(pool))
                        .start();
                RawClient one = open(server, "/ws");
                RawClient two = open(server, "/pool")) {
            assertTrue(one.socket.isConnected() && two.socket.isConnected());
            assertTrue(opened.get(10, TimeUnit.SECONDS).getName().startsWith("tenon-server-"));
            assertNotEquals(opened.get(), onPool.get(10, TimeUnit.SECONDS));
            assertFalse(onPool.get().getName().startsWith("tenon-server-"));
        }
    }

    private static WebSocketListener reportingThread(CompletableFuture<Thread> thread) {
        return new WebSocketListener() {
            @Override
            public void onOpen(WebSocket webSocket) {
                thread.complete(Thread.currentThread());
            }
        };
    }
}
