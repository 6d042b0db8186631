package dev.tenon.ws.server;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.Frame;
import dev.tenon.ws.frame.Opcode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;

/** Shared by the tests of listeners on an executor: a pool of threads, and a listener that blocks. */
abstract class ListenerExecutorTestBase {
    final ExecutorService pool = Executors.newFixedThreadPool(4);

    @AfterEach
    void endPool() {
        pool.shutdownNow();
    }

    static WebSocketServerBuilder builder(Executor executor, WebSocketListener listener) {
        return WebSocketServer.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .extensions(Extensions.none())
                .loops(1)
                .executor(executor)
                .route("/ws", upgrade -> upgrade.accept(listener))
                .route("/echo", upgrade -> upgrade.accept(new Echo()))
                .route("/loop", upgrade -> upgrade.accept(new Echo()).withExecutor(Runnable::run));
    }

    static RawClient open(WebSocketServer server, String path) throws IOException {
        RawClient peer = new RawClient(server);
        peer.send(RawClient.upgrade(path, ""));
        assertTrue(peer.head().startsWith("HTTP/1.1 101 "));
        return peer;
    }

    static Frame ping(ByteBuffer payload) {
        return new Frame(FirstByte.of(true, Opcode.PING), payload);
    }

    /** Records its calls; blocks in the first message until it is released. */
    static class BlockingListener implements WebSocketListener {
        final CountDownLatch entered = new CountDownLatch(1);
        final CountDownLatch release = new CountDownLatch(1);
        final List<String> calls = new CopyOnWriteArrayList<>();
        final CompletableFuture<CloseEvent> closed = new CompletableFuture<>();
        final AtomicInteger closes = new AtomicInteger();

        @Override
        public void onOpen(WebSocket webSocket) {
            calls.add("open");
        }

        @Override
        public void onText(WebSocket webSocket, String text) {
            entered.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            calls.add(text.length() > 20 ? "long" : text);
        }

        @Override
        public void onPing(WebSocket webSocket, ByteBuffer payload) {
            calls.add("ping");
        }

        @Override
        public void onError(WebSocket webSocket, Throwable error) {
            calls.add("error");
        }

        @Override
        public void onClose(WebSocket webSocket, CloseEvent event) {
            calls.add("close");
            closes.incrementAndGet();
            closed.complete(event);
        }
    }
}
