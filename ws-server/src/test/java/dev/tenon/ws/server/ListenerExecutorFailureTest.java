package dev.tenon.ws.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.ListenerException;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.ClosePayload;
import dev.tenon.ws.frame.Frame;
import dev.tenon.ws.frame.Opcode;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Listeners on an executor that throw, executors that reject tasks, and aborted connections. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ListenerExecutorFailureTest extends ListenerExecutorTestBase {
    @Test
    void anExceptionOfAListenerReachesOnErrorAndEndsTheConnectionWith1011() throws Exception {
        Exception thrown = new Exception("on purpose, and checked, as other languages throw it");
        List<Object> events = new CopyOnWriteArrayList<>();
        CompletableFuture<CloseEvent> closed = new CompletableFuture<>();
        WebSocketListener throwing = new WebSocketListener() {
            @Override
            public void onText(WebSocket webSocket, String text) {
                events.add(text);
                ListenerExecutorFailureTest.<RuntimeException>throwUnchecked(thrown);
            }

            @Override
            public void onError(WebSocket webSocket, Throwable error) {
                events.add(error);
                throw new IllegalArgumentException("again");
            }

            @Override
            public void onClose(WebSocket webSocket, CloseEvent event) {
                closed.complete(event);
            }
        };
        try (WebSocketServer server = builder(pool, throwing).start();
                RawClient peer = open(server, "/ws")) {
            for (int i = 0; i < 50; i++) {
                peer.send(Frame.text("one"));
            }
            assertEquals(List.of(Frame.close(new ClosePayload(CloseCode.INTERNAL_ERROR, ""))), peer.frames());
            peer.socket.close();
            CloseEvent event = closed.get(10, TimeUnit.SECONDS);
            assertEquals(CloseCode.INTERNAL_ERROR, event.code());
            ListenerException failure = assertInstanceOf(ListenerException.class, event.cause());
            assertSame(thrown, failure.getCause());
            assertEquals(List.of("one", failure), events);
            assertEquals(1, failure.getSuppressed().length);
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void throwUnchecked(Throwable thrown) throws T {
        throw (T) thrown;
    }

    @Test
    void anExecutorThatRejectsEndsTheConnectionWithTheReason() throws Exception {
        RejectedExecutionException rejection = new RejectedExecutionException("full");
        BlockingListener listener = new BlockingListener();
        Executor rejecting = task -> {
            throw rejection;
        };
        try (WebSocketServer server = builder(Runnable::run, listener)
                        .route("/full", upgrade -> upgrade.accept(listener).withExecutor(rejecting))
                        .start();
                RawClient peer = open(server, "/full")) {
            assertEquals(List.of(Frame.close(new ClosePayload(CloseCode.INTERNAL_ERROR, ""))), peer.frames());
            peer.socket.close();
            CloseEvent event = listener.closed.get(10, TimeUnit.SECONDS);
            assertSame(rejection, Objects.requireNonNull(event.cause()).getCause());
            assertEquals(List.of("open", "error", "close"), listener.calls);
        }
    }

    @Test
    void anExecutorThatShutsDownEndsTheConnectionOnce() throws Exception {
        ExecutorService stopped = Executors.newSingleThreadExecutor();
        BlockingListener listener = new BlockingListener();
        try (WebSocketServer server = builder(stopped, listener).start();
                RawClient peer = open(server, "/ws")) {
            peer.send(Frame.text("one"));
            assertTrue(listener.entered.await(10, TimeUnit.SECONDS));
            stopped.shutdown();
            listener.release.countDown();
            assertTrue(stopped.awaitTermination(10, TimeUnit.SECONDS));
            peer.send(Frame.text("two"));
            assertEquals(List.of(Frame.close(new ClosePayload(CloseCode.INTERNAL_ERROR, ""))), peer.frames());
            peer.socket.close();
            CloseEvent event = listener.closed.get(10, TimeUnit.SECONDS);
            assertInstanceOf(
                    RejectedExecutionException.class,
                    Objects.requireNonNull(event.cause()).getCause());
            assertEquals(List.of("open", "one", "error", "close"), listener.calls);
        }
    }

    @Test
    void aListenerThatBlocksForEverDoesNotKeepTheServerFromStopping() throws Exception {
        BlockingListener listener = new BlockingListener();
        WebSocketServer server = builder(pool, listener).start();
        try (RawClient peer = open(server, "/ws")) {
            for (int i = 0; i < 40; i++) {
                peer.send(Frame.text("x".repeat(5_000)));
            }
            assertTrue(listener.entered.await(10, TimeUnit.SECONDS));
            long begin = System.nanoTime();
            server.stop(Duration.ofMillis(300));
            assertTrue(System.nanoTime() - begin < 5_000_000_000L);
            assertEquals(0, server.connections());
            assertFalse(listener.closed.isDone());
            listener.release.countDown();
            listener.closed.get(10, TimeUnit.SECONDS);
            assertEquals("close", listener.calls.get(listener.calls.size() - 1));
            assertEquals(1, listener.closes.get());
        }
    }

    @Test
    void afterAnAbortOnlyOnCloseIsCalled() throws Exception {
        AtomicInteger messages = new AtomicInteger();
        CompletableFuture<CloseEvent> closed = new CompletableFuture<>();
        CountDownLatch go = new CountDownLatch(1);
        WebSocketListener aborting = new WebSocketListener() {
            @Override
            public void onText(WebSocket webSocket, String text) {
                messages.incrementAndGet();
                try {
                    assertTrue(go.await(10, TimeUnit.SECONDS));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                webSocket.abort();
            }

            @Override
            public void onClose(WebSocket webSocket, CloseEvent event) {
                closed.complete(event);
            }
        };
        try (WebSocketServer server = builder(pool, aborting).start();
                RawClient peer = open(server, "/ws")) {
            for (int i = 0; i < 20; i++) {
                peer.send(Frame.text("" + i));
            }
            peer.send(ping(ByteBuffer.allocate(0)));
            assertEquals(Opcode.PONG, peer.frame().firstByte().opcode());
            go.countDown();
            assertEquals(
                    CloseCode.ABNORMAL_CLOSURE, closed.get(10, TimeUnit.SECONDS).code());
            assertEquals(1, messages.get());
        }
    }
}
