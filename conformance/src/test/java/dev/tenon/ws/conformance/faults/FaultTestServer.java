package dev.tenon.ws.conformance.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.connection.Message;
import dev.tenon.ws.connection.SendResult;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.server.ServerTls;
import dev.tenon.ws.server.WebSocketServer;
import dev.tenon.ws.server.WebSocketServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** A server with short deadlines and two loops, which records what its listeners see. */
final class FaultTestServer implements AutoCloseable {
    static final Duration SHORT = Duration.ofMillis(400);
    /** The longest delay after a deadline of {@link #SHORT} on a busy machine. */
    static final long LATE_MILLIS = 5_000;

    static final int FLOOD = 64 * 1024;

    final BlockingQueue<CloseEvent> ends = new LinkedBlockingQueue<>();
    final BlockingQueue<SendResult> sends = new LinkedBlockingQueue<>();
    final BlockingQueue<Long> buffered = new LinkedBlockingQueue<>();
    final AtomicInteger opened = new AtomicInteger();
    final AtomicInteger closed = new AtomicInteger();
    final AtomicInteger writable = new AtomicInteger();
    final WebSocketServer server;

    FaultTestServer() throws IOException {
        this(null, builder -> builder);
    }

    FaultTestServer(@Nullable SSLContext tls, UnaryOperator<WebSocketServerBuilder> more) throws IOException {
        InetSocketAddress anywhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        WebSocketServerBuilder builder = WebSocketServer.builder()
                .listen(anywhere)
                .extensions(Extensions.none())
                .loops(2)
                .handshakeTimeout(SHORT)
                .options(ConnectionOptions.DEFAULT.withCloseTimeout(SHORT).withDrainTimeout(SHORT))
                .route("/ws", upgrade -> upgrade.accept(new CommandListener()));
        if (tls != null) {
            builder.listen(anywhere, ServerTls.of(tls));
        }
        server = more.apply(builder).start();
    }

    int port() {
        return server.port();
    }

    int securePort() {
        return ((InetSocketAddress) server.addresses().get(1)).getPort();
    }

    RawPeer peer() throws IOException {
        return RawPeer.open(port(), null);
    }

    /** Returns the next close event; its listener received it once. */
    CloseEvent end() throws InterruptedException {
        CloseEvent event = ends.poll(20, TimeUnit.SECONDS);
        assertTrue(event != null, "no connection has ended");
        return event;
    }

    void assertAbnormalEnd() throws InterruptedException {
        CloseEvent event = end();
        assertEquals(CloseCode.ABNORMAL_CLOSURE, event.code());
        assertTrue(!event.wasClean());
    }

    /** Waits until exactly this number of connections is open. */
    void awaitConnections(int count) throws InterruptedException {
        for (int i = 0; i < 1000 && server.connections() != count; i++) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        assertEquals(count, server.connections());
    }

    /**
     * Checks that another connection is served in time: half of its echoes take no more than 50 ms, on a busy machine
     * too.
     */
    static void assertServedInTime(RawPeer otherPeer) throws IOException {
        long[] nanos = new long[51];
        for (int i = 0; i < nanos.length; i++) {
            long begin = System.nanoTime();
            otherPeer.echo("still there? " + i);
            nanos[i] = System.nanoTime() - begin;
        }
        Arrays.sort(nanos);
        assertTrue(
                nanos[nanos.length / 2] < 50_000_000,
                () -> "half of the echoes took longer than " + nanos[nanos.length / 2] / 1_000_000 + " ms");
    }

    @Override
    public void close() {
        server.stop(Duration.ofMillis(100));
        assertEquals(0, server.connections());
        assertEquals(opened.get(), closed.get(), "every listener is told of its end, and once");
    }

    /** Echoes texts, and executes those that are commands. */
    class CommandListener implements WebSocketListener {
        @Override
        public void onOpen(WebSocket webSocket) {
            opened.incrementAndGet();
        }

        @Override
        public void onText(WebSocket webSocket, String text) {
            switch (text) {
                case "flood" -> flood(webSocket);
                case "close" -> webSocket.close(new CloseCode(4001), "as you wish");
                default -> webSocket.sendText(text);
            }
        }

        private void flood(WebSocket webSocket) {
            SendResult result;
            do {
                result = webSocket.trySend(Message.binary(ByteBuffer.allocate(FLOOD)));
                sends.add(result);
            } while (result != SendResult.REFUSED);
            buffered.add(webSocket.bufferedAmount());
        }

        @Override
        public void onWritable(WebSocket webSocket) {
            writable.incrementAndGet();
        }

        @Override
        public void onClose(WebSocket webSocket, CloseEvent event) {
            closed.incrementAndGet();
            ends.add(event);
        }
    }
}
