package dev.tenon.ws.conformance.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.connection.ListenerException;
import dev.tenon.ws.connection.Message;
import dev.tenon.ws.connection.SendResult;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.ClosePayload;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.Frame;
import dev.tenon.ws.frame.Opcode;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Listeners that throw or block. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ListenerFaultsTest {
    /** A slow machine needs seconds to read what the kernel has for a peer with a small receive buffer. */
    private static final ConnectionOptions PATIENT = ConnectionOptions.DEFAULT.withCloseTimeout(Duration.ofMinutes(1));

    /** Throws in one of its methods, also a checked exception, as listeners in other JVM languages may. */
    private static final class ThrowingListener implements WebSocketListener {
        final Exception fault = new Exception("a test wants to see this: secret");
        final BlockingQueue<Throwable> errors = new LinkedBlockingQueue<>();
        final BlockingQueue<CloseEvent> ends = new LinkedBlockingQueue<>();
        private final String where;

        ThrowingListener(String where) {
            this.where = where;
        }

        private void at(String method) {
            if (method.equals(where)) {
                ThrowingListener.<RuntimeException>throwUnchecked(fault);
            }
        }

        @SuppressWarnings("unchecked")
        private static <T extends Throwable> void throwUnchecked(Throwable thrown) throws T {
            throw (T) thrown;
        }

        @Override
        public void onOpen(WebSocket webSocket) {
            at("onOpen");
        }

        @Override
        public void onText(WebSocket webSocket, String text) {
            at("onText");
            SendResult result;
            do {
                result = webSocket.trySend(Message.binary(ByteBuffer.allocate(FaultTestServer.FLOOD)));
            } while (result == SendResult.QUEUED);
        }

        @Override
        public void onBinary(WebSocket webSocket, ByteBuffer data) {
            at("onBinary");
        }

        @Override
        public void onPing(WebSocket webSocket, ByteBuffer payload) {
            at("onPing");
        }

        @Override
        public void onPong(WebSocket webSocket, ByteBuffer payload) {
            at("onPong");
        }

        @Override
        public void onWritable(WebSocket webSocket) {
            at("onWritable");
        }

        @Override
        public void onError(WebSocket webSocket, Throwable error) {
            errors.add(error);
        }

        @Override
        public void onClose(WebSocket webSocket, CloseEvent event) {
            ends.add(event);
            at("onClose");
        }
    }

    /**
     * An exception of a listener ends its connection with 1011. The peer sees no details, and other connections go on.
     */
    @ParameterizedTest
    @ValueSource(strings = {"onOpen", "onText", "onBinary", "onPing", "onPong", "onWritable"})
    void anExceptionOfAListenerEndsItsConnectionOnly(String where) throws Exception {
        ThrowingListener thrower = new ThrowingListener(where);
        try (FaultTestServer server = new FaultTestServer(
                        null,
                        builder -> builder.route(
                                "/thrower", upgrade -> upgrade.accept(thrower), route -> route.options(PATIENT)));
                RawPeer otherPeer = server.peer();
                RawPeer peer = new RawPeer(server.port(), null, 4096)) {
            peer.send(RawPeer.request().replace("/ws", "/thrower"));
            assertTrue(peer.head().startsWith("HTTP/1.1 101 "));
            ByteBuffer payload = ByteBuffer.wrap("x".getBytes(UTF_8));
            peer.send(
                    switch (where) {
                        case "onBinary" -> Frame.binary(payload);
                        case "onPing" -> new Frame(FirstByte.of(true, Opcode.PING), payload);
                        case "onPong" -> new Frame(FirstByte.of(true, Opcode.PONG), payload);
                        default -> Frame.text("x");
                    });
            List<Frame> frames = peer.frames();
            Frame last = frames.get(frames.size() - 1);
            assertEquals(Opcode.CLOSE, last.firstByte().opcode());
            assertEquals(new ClosePayload(CloseCode.INTERNAL_ERROR, ""), ClosePayload.decode(last.payload()));
            peer.socket.shutdownOutput();
            ListenerException error =
                    assertInstanceOf(ListenerException.class, thrower.errors.poll(20, TimeUnit.SECONDS));
            assertSame(thrower.fault, error.getCause());
            CloseEvent end = thrower.ends.poll(20, TimeUnit.SECONDS);
            assertTrue(end != null && end.code().equals(CloseCode.INTERNAL_ERROR) && end.cause() == error);
            server.awaitConnections(1);
            FaultTestServer.assertServedInTime(otherPeer);
            assertTrue(thrower.ends.isEmpty() && thrower.errors.isEmpty(), "told once");
        }
    }

    /** An exception of {@code onClose} changes nothing any more. */
    @Test
    void anExceptionOfOnCloseHasNoEffect() throws Exception {
        ThrowingListener thrower = new ThrowingListener("onClose");
        try (FaultTestServer server = new FaultTestServer(
                        null, builder -> builder.route("/thrower", upgrade -> upgrade.accept(thrower)));
                RawPeer otherPeer = server.peer();
                RawPeer peer = new RawPeer(server.port(), null)) {
            peer.send(RawPeer.request().replace("/ws", "/thrower"));
            assertTrue(peer.head().startsWith("HTTP/1.1 101 "));
            peer.send(Frame.close(ClosePayload.EMPTY));
            assertEquals(1, peer.frames().size());
            assertTrue(thrower.ends.poll(20, TimeUnit.SECONDS) != null);
            server.awaitConnections(1);
            FaultTestServer.assertServedInTime(otherPeer);
        }
    }

    /** Reports which loop it runs on, and blocks on a command. */
    private static final class BlockingListener implements WebSocketListener {
        final CountDownLatch hold = new CountDownLatch(1);
        final CountDownLatch blocked = new CountDownLatch(1);

        @Override
        public void onText(WebSocket webSocket, String text) {
            if (text.equals("block")) {
                blocked.countDown();
                try {
                    hold.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            webSocket.sendText(text.equals("loop") ? Thread.currentThread().getName() : text);
        }
    }

    /**
     * A listener that blocks also stops the other connections of its loop for that time; those of other loops go on.
     */
    @Test
    void aListenerThatBlocksStopsItsOwnLoopOnly() throws Exception {
        BlockingListener blocker = new BlockingListener();
        List<RawPeer> peers = new ArrayList<>();
        try (FaultTestServer server =
                new FaultTestServer(null, builder -> builder.route("/blocker", upgrade -> upgrade.accept(blocker)))) {
            Map<String, List<RawPeer>> byLoop = new HashMap<>();
            for (int i = 0; i < 6; i++) {
                RawPeer peer = new RawPeer(server.port(), null);
                peers.add(peer);
                peer.send(RawPeer.request().replace("/ws", "/blocker"));
                assertTrue(peer.head().startsWith("HTTP/1.1 101 "));
                peer.send(Frame.text("loop"));
                String loop = UTF_8.decode(peer.frame().payload()).toString();
                byLoop.computeIfAbsent(loop, name -> new ArrayList<>()).add(peer);
            }
            assertEquals(2, byLoop.size());
            List<List<RawPeer>> loops = new ArrayList<>(byLoop.values());
            RawPeer blockedPeer = loops.get(0).get(0);
            RawPeer otherPeer = loops.get(0).get(1);
            blockedPeer.send(Frame.text("block"));
            assertTrue(blocker.blocked.await(20, TimeUnit.SECONDS));
            for (int i = 0; i < 3; i++) {
                otherPeer.send(Frame.text("waits " + i));
            }
            for (RawPeer other : loops.get(1)) {
                FaultTestServer.assertServedInTime(other);
            }
            assertEquals(0, otherPeer.in.available());
            blocker.hold.countDown();
            for (int i = 0; i < 3; i++) {
                assertEquals(
                        "waits " + i, UTF_8.decode(otherPeer.frame().payload()).toString());
            }
            assertEquals("block", UTF_8.decode(blockedPeer.frame().payload()).toString());
        } finally {
            blocker.hold.countDown();
            for (RawPeer peer : peers) {
                peer.close();
            }
        }
    }
}
