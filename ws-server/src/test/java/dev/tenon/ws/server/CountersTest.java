package dev.tenon.ws.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.frame.ClosePayload;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.Frame;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.handshake.HandshakeException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The sums of a server's counters are right. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CountersTest {
    private static WebSocketServer server() throws IOException {
        return WebSocketServer.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .extensions(Extensions.none())
                .loops(3)
                .route("/echo", upgrade -> upgrade.accept(new Echo()))
                .route("/refuse", request -> {
                    throw HandshakeException.refuse(403, "not you");
                })
                .route(
                        "/flood",
                        upgrade -> upgrade.accept(new WebSocketListener() {
                            @Override
                            public void onText(WebSocket webSocket, String text) {
                                webSocket.sendBinary(ByteBuffer.allocate(20_000_000));
                            }
                        }))
                .start();
    }

    private static RawClient open(WebSocketServer server, String path) throws IOException {
        RawClient peer = new RawClient(server);
        peer.send(RawClient.upgrade(path, ""));
        assertTrue(peer.head().startsWith("HTTP/1.1 101 "));
        return peer;
    }

    private static void await(WebSocketServer server, Predicate<ServerCounters> condition) throws Exception {
        long end = System.nanoTime() + 20_000_000_000L;
        while (!condition.test(server.counters())) {
            assertTrue(System.nanoTime() < end, () -> server.counters().toString());
            Thread.sleep(5);
        }
    }

    @Test
    void connectionsAndRefusalsAreCounted() throws Exception {
        WebSocketServer server = server();
        try (server;
                RawClient clean = open(server, "/echo");
                RawClient broken = open(server, "/echo");
                RawClient reset = open(server, "/echo");
                RawClient flooded = open(server, "/flood");
                RawClient stays = open(server, "/echo");
                RawClient refused = new RawClient(server)) {
            clean.send(Frame.text("hello"));
            assertEquals(Frame.text("hello"), clean.frame());
            clean.send(Frame.close(ClosePayload.EMPTY));
            clean.frames();
            broken.send(new Frame(FirstByte.of(true, Opcode.CONTINUATION), ByteBuffer.allocate(0)));
            broken.frames();
            broken.socket.close();
            reset.socket.setSoLinger(true, 0);
            reset.socket.close();
            refused.send(RawClient.upgrade("/refuse", ""));
            assertTrue(refused.head().startsWith("HTTP/1.1 403 "));
            flooded.send(Frame.text("now"));
            await(server, counters -> counters.stalls() == 1);
            int length = 20_000_000 + 305 * 10 + 4; // in 306 frames
            assertEquals(length, flooded.in.readNBytes(length).length);
            await(server, counters -> counters.open() == 2);
            ServerCounters counters = server.counters();
            assertEquals(6, counters.accepted());
            assertEquals(1, counters.refused());
            assertEquals(5, counters.opened());
            assertEquals(1, counters.closedCleanly());
            assertEquals(1, counters.failed());
            assertEquals(1, counters.lost());
            assertTrue(counters.reads() >= 10, counters::toString);
            assertTrue(counters.writes() >= 10, counters::toString);
            assertTrue(stays.socket.isConnected());
        }
        ServerCounters last = server.counters();
        assertEquals(0, last.open());
        assertEquals(5, last.opened());
    }

    @Test
    void bytesAreCountedAtTheSocket() throws Exception {
        WebSocketServer server = server();
        long sent;
        long got;
        try (server;
                RawClient peer = new RawClient(server)) {
            String request = RawClient.upgrade("/echo", "");
            peer.send(request);
            String head = peer.head();
            byte[] message = RawClient.masked(Frame.text("x".repeat(1_000)));
            byte[] close = RawClient.masked(Frame.close(ClosePayload.EMPTY));
            for (int i = 0; i < 50; i++) {
                peer.socket.getOutputStream().write(message);
            }
            peer.socket.getOutputStream().write(close);
            sent = request.length() + 50L * message.length + close.length;
            got = head.length() + (long) peer.in.readAllBytes().length;
        }
        assertEquals(sent, server.counters().bytesRead());
        assertEquals(got, server.counters().bytesWritten());
        assertEquals(1, server.counters().closedCleanly());
    }
}
