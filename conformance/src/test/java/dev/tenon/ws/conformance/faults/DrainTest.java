package dev.tenon.ws.conformance.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.keys.TestKey;
import dev.tenon.ws.connection.Message;
import dev.tenon.ws.connection.SendResult;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.frame.Frame;
import dev.tenon.ws.server.ServerTls;
import dev.tenon.ws.server.WebSocketServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that has stopped has freed all its resources, whatever its connections were doing and however often. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DrainTest {
    private static final Duration DEADLINE = Duration.ofMillis(50);

    private final Semaphore floods = new Semaphore(0);

    /** Echoes, or sends until a send is refused. */
    private final class FloodingListener implements WebSocketListener {
        @Override
        public void onText(WebSocket webSocket, String text) {
            if (text.equals("flood")) {
                while (webSocket.trySend(Message.binary(ByteBuffer.allocate(100_000))) != SendResult.REFUSED) {
                    // more
                }
                floods.release();
            }
            webSocket.sendText(text);
        }
    }

    @Test
    void aHundredStopsLeaveNoThreadDescriptorOrNativeMemory(@TempDir Path folder) throws Exception {
        TestKey key = TestKey.make(folder, "tenon.example");
        SSLContext tls = key.trusting(key);
        for (int i = 0; i < 3; i++) {
            round(tls);
        }
        Figures before = Figures.read();
        for (int i = 0; i < 100; i++) {
            round(tls);
        }
        Figures bound = before.plus(4 << 20, 1 << 20, 2, 0, 2);
        Figures after = Figures.settled(bound);
        assertEquals(0, after.threads());
        assertTrue(after.within(bound), "before: " + before + "; after: " + after);
    }

    /**
     * The server stops without waiting for other connections, so just accepted connections reach loops that are ending.
     */
    @Test
    void connectionsAcceptedWhileAnEmptyServerStopsAreClosed() throws Exception {
        emptyRounds(5);
        long before = Figures.openDescriptors();
        emptyRounds(100);
        long after = Figures.openDescriptors();
        assertTrue(after <= before, "before: " + before + ", after: " + after);
    }

    private static void emptyRounds(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            WebSocketServer server = WebSocketServer.builder()
                    .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .loops(2)
                    .start();
            stopUnderAStorm(server, Duration.ofSeconds(5));
            assertEquals(0, server.connections());
        }
    }

    private void round(SSLContext tls) throws Exception {
        WebSocketServer server = WebSocketServer.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), ServerTls.of(tls))
                .loops(2)
                .route("/ws", upgrade -> upgrade.accept(new FloodingListener()))
                .start();
        List<RawPeer> peers = new ArrayList<>();
        int secure = ((InetSocketAddress) server.addresses().get(1)).getPort();
        try {
            for (int i = 0; i < 8; i++) { // idle, some with a compression context
                peers.add(RawPeer.open(
                        server.port(), null, i % 2 == 0 ? "X: y" : "Sec-WebSocket-Extensions: permessage-deflate"));
            }
            for (int i = 0; i < 4; i++) { // a message is waiting for room
                RawPeer notReading = RawPeer.open(server.port(), null);
                notReading.send(Frame.text("flood"));
                peers.add(notReading);
            }
            for (String beginning :
                    new String[] {"", "GET /ws HTTP/1.1\r\nHost", "POST / HTTP/1.1\r\nHost: localhost\r\nCon"}) {
                RawPeer slow = new RawPeer(server.port(), null);
                slow.send(beginning);
                peers.add(slow);
            }
            for (int i = 0; i < 3; i++) {
                RawPeer encrypted = RawPeer.open(secure, tls);
                encrypted.echo("over TLS");
                peers.add(encrypted);
            }
            for (byte[] hello : new byte[][] {{}, {22, 3, 1, 2, 0, 1}}) { // in the TLS handshake
                RawPeer connecting = new RawPeer(secure, null);
                connecting.send(hello);
                peers.add(connecting);
            }
            peers.get(0).echo("all are there");
            assertTrue(floods.tryAcquire(4, 20, TimeUnit.SECONDS), "connections with a full backlog");
            stopUnderAStorm(server, DEADLINE);
            assertEquals(0, server.connections());
        } finally {
            for (RawPeer peer : peers) {
                peer.reset();
            }
        }
    }

    /** Stops while clients still connect: connections that were accepted too late are closed as well. */
    private static void stopUnderAStorm(WebSocketServer server, Duration deadline) throws Exception {
        int port = server.port();
        CountDownLatch begun = new CountDownLatch(20);
        List<RawPeer> late = new ArrayList<>();
        Thread storm = new Thread(() -> {
            try {
                while (true) {
                    late.add(new RawPeer(port, null));
                    begun.countDown();
                }
            } catch (IOException noMore) {
                // the server has stopped listening
            }
        });
        storm.start();
        begun.await();
        server.stop(deadline);
        storm.join();
        for (RawPeer peer : late) {
            peer.reset();
        }
    }
}
