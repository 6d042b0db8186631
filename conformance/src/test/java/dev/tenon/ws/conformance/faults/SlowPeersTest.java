package dev.tenon.ws.conformance.faults;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.keys.TestKey;
import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.connection.SendResult;
import dev.tenon.ws.frame.Frame;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.handshake.Headers;
import dev.tenon.ws.handshake.HttpResponse;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Peers that send or read slowly. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SlowPeersTest {
    private static SSLContext tls;

    @BeforeAll
    static void makeKey(@TempDir Path folder) throws Exception {
        TestKey key = TestKey.make(folder, "tenon.example");
        tls = key.trusting(key);
    }

    /** The phases before the WebSocket is open in which a client may be slow. */
    private enum Phase {
        HEAD("GET / HTTP/1.1\r\nHost: localhost\r\nX: ", 'x', "HTTP/1.1 408 "),
        BODY("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n", 'x', "HTTP/1.1 408 "),
        TLS("\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003", 'x', "");

        final String beginning;
        final char more;
        final String response;

        Phase(String beginning, char more, String response) {
            this.beginning = beginning;
            this.more = more;
            this.response = response;
        }
    }

    /**
     * A request has one deadline for all its bytes: single late bytes do not extend it, and other connections are not
     * affected.
     */
    @ParameterizedTest
    @EnumSource(Phase.class)
    void aSlowClientBeforeTheUpgradeIsClosedAtTheDeadline(Phase phase) throws Exception {
        try (FaultTestServer testServer =
                        new FaultTestServer(tls, builder -> builder.http(request -> HttpResponse.text(200, "")));
                RawPeer otherPeer = testServer.peer()) {
            List<RawPeer> slow = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                RawPeer peer = new RawPeer(phase == Phase.TLS ? testServer.securePort() : testServer.port(), null);
                peer.send(phase.beginning);
                peer.socket.setSoTimeout(1);
                slow.add(peer);
            }
            FaultTestServer.assertServedInTime(otherPeer);
            StringBuilder response = new StringBuilder();
            long begin = System.nanoTime();
            while (!trickle(slow.get(0), phase.more, response)) {
                assertTrue(millisSince(begin) < FaultTestServer.LATE_MILLIS, "a client that trickles is still served");
                TimeUnit.MILLISECONDS.sleep(20);
            }
            assertTrue(response.toString().startsWith(phase.response), response.toString());
            for (RawPeer peer : slow.subList(1, slow.size())) {
                peer.socket.setSoTimeout(20_000);
                String received = new String(peer.rest(), US_ASCII);
                assertTrue(received.startsWith(phase.response), received);
                peer.close();
            }
            testServer.awaitConnections(1);
            FaultTestServer.assertServedInTime(otherPeer);
        }
    }

    /** Sends one more byte, and returns whether the server has ended the connection. */
    private static boolean trickle(RawPeer peer, char more, StringBuilder response) throws IOException {
        try {
            peer.send(String.valueOf(more));
            int b;
            while ((b = peer.in.read()) >= 0) {
                response.append((char) b);
            }
            peer.close();
            return true;
        } catch (SocketTimeoutException nothingYet) {
            return false;
        } catch (IOException reset) {
            peer.close();
            return true;
        }
    }

    private static long millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1_000_000;
    }

    /** Single bytes of a frame count as a sign of life. When they stop, keepalive ends the connection with 1006. */
    @Test
    void aPeerThatStopsInsideAFrameIsClosedByKeepalive() throws Exception {
        try (FaultTestServer testServer = new FaultTestServer(
                        null,
                        builder -> builder.options(ConnectionOptions.DEFAULT.withKeepalive(
                                FaultTestServer.SHORT, Duration.ofSeconds(2))));
                RawPeer slow = testServer.peer()) {
            byte[] frame = RawPeer.masked(Frame.binary(ByteBuffer.allocate(1 << 20)));
            int sent = 0;
            long begin = System.nanoTime();
            while (millisSince(begin) < 4 * FaultTestServer.SHORT.toMillis()) {
                slow.socket.getOutputStream().write(frame, sent++, 1);
                TimeUnit.MILLISECONDS.sleep(20);
            }
            assertEquals(1, testServer.server.connections(), "it is alive as long as bytes come");
            begin = System.nanoTime();
            testServer.assertAbnormalEnd();
            assertTrue(millisSince(begin) < FaultTestServer.LATE_MILLIS);
        }
    }

    /**
     * The bytes that wait for a peer that does not read are limited: sends report congested from the high-water mark
     * on, are refused at the limit, and the listener is notified when all have been sent. Other connections are not
     * affected.
     */
    @Test
    void aSlowReaderHasABoundedBacklogAndDoesNotAffectOthers() throws Exception {
        try (FaultTestServer testServer = new FaultTestServer();
                RawPeer otherPeer = testServer.peer();
                RawPeer other = testServer.peer();
                RawPeer slow = new RawPeer(testServer.port(), null, 4096)) {
            slow.upgrade();
            slow.send(Frame.text("flood"));
            Long buffered = testServer.buffered.poll(20, TimeUnit.SECONDS);
            assertTrue(buffered != null && buffered <= ConnectionOptions.DEFAULT.outboundLimit(), "waits: " + buffered);
            FaultTestServer.assertServedInTime(otherPeer);
            FaultTestServer.assertServedInTime(other);
            List<SendResult> results = new ArrayList<>(testServer.sends);
            assertEquals(SendResult.QUEUED, results.get(0));
            assertEquals(
                    List.of(SendResult.QUEUED, SendResult.CONGESTED, SendResult.REFUSED),
                    results.stream().distinct().toList());
            assertEquals(0, testServer.writable.get());
            for (int i = 0; i < results.size() - 1; i++) { // all but the refused one
                Frame frame = slow.frame();
                assertEquals(Opcode.BINARY, frame.firstByte().opcode());
                assertEquals(FaultTestServer.FLOOD, frame.payload().remaining());
            }
            slow.echo("all has left");
            assertEquals(1, testServer.writable.get());
        }
    }

    /**
     * A client that does not read its response keeps the connection no longer than a request may take, counted from the
     * last progress.
     */
    @Test
    void aClientThatDoesNotReadItsResponseIsClosed() throws Exception {
        byte[] page = new byte[16 << 20];
        try (FaultTestServer testServer = new FaultTestServer(
                        null,
                        builder -> builder.handshakeTimeout(Duration.ofSeconds(1))
                                .http(request -> new HttpResponse(200, "OK", Headers.empty(), ByteBuffer.wrap(page))));
                RawPeer slow = new RawPeer(testServer.port(), null, 4096)) {
            slow.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
            long read = readSlowly(testServer.port());
            while (read < 0) {
                read = readSlowly(testServer.port());
            }
            assertTrue(read > page.length, "read: " + read);
            testServer.awaitConnections(0);
        }
    }

    /**
     * Reads a response slowly, but for longer than the deadline of a second.
     *
     * @return the number of bytes, or -1 if a read took so long that this machine has not let the server write in time
     */
    private static long readSlowly(int port) throws Exception {
        try (RawPeer slowReader = new RawPeer(port, null, 4096)) {
            slowReader.send("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            long read = 0;
            long begin = System.nanoTime();
            while (millisSince(begin) < 2_500) {
                long start = System.nanoTime();
                read += slowReader.in.readNBytes(200_000).length;
                TimeUnit.MILLISECONDS.sleep(50);
                if (millisSince(start) > 500) {
                    return -1;
                }
            }
            return read + slowReader.rest().length;
        }
    }
}
