package dev.tenon.ws.conformance.faults;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.keys.TestKey;
import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.connection.Message;
import dev.tenon.ws.connection.SendResult;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.ClosePayload;
import dev.tenon.ws.frame.Frame;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.server.HttpHandler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Peers that end their connection in a wrong way, or at a wrong time. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BrokenPeersTest {
    private static SSLContext tls;

    @BeforeAll
    static void makeKey(@TempDir Path folder) throws Exception {
        TestKey key = TestKey.make(folder, "tenon.example");
        tls = key.trusting(key);
    }

    // Half-close: the peer has ended its direction and still reads

    /** An incomplete request gets no response. */
    @ParameterizedTest
    @ValueSource(
            strings = {"", "GET /ws HTTP/1.1\r\nHo", "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n1"
            })
    void aHalfCloseInsideARequestClosesTheConnection(String beginning) throws Exception {
        try (FaultTestServer testServer =
                        new FaultTestServer(null, builder -> builder.http(request -> HttpResponse.text(200, "")));
                RawPeer peer = new RawPeer(testServer.port(), null)) {
            peer.send(beginning);
            peer.socket.shutdownOutput();
            assertEquals(0, peer.rest().length);
            testServer.awaitConnections(0);
        }
    }

    /** A complete request gets its response, even if the response comes later. */
    @Test
    void aHalfCloseAfterARequestStillGetsTheResponse() throws Exception {
        CompletableFuture<HttpResponse> later = new CompletableFuture<>();
        try (FaultTestServer testServer =
                        new FaultTestServer(null, builder -> builder.http(HttpHandler.async(request -> later)));
                RawPeer peer = new RawPeer(testServer.port(), null)) {
            peer.send("GET /news HTTP/1.1\r\nHost: localhost\r\n\r\n");
            peer.socket.shutdownOutput();
            later.complete(HttpResponse.text(200, "news"));
            String response = new String(peer.rest(), US_ASCII);
            assertTrue(response.startsWith("HTTP/1.1 200 ") && response.endsWith("\r\n\r\nnews"), response);
            testServer.awaitConnections(0);
        }
    }

    /** An open connection ends with 1006. Messages sent before still reach the peer, but no Close frame does. */
    @Test
    void aHalfCloseAfterMessagesStillGetsAllSentMessages() throws Exception {
        try (FaultTestServer testServer = new FaultTestServer();
                RawPeer peer = new RawPeer(testServer.port(), null, 4096)) {
            peer.upgrade();
            peer.send(Frame.text("flood"));
            assertTrue(testServer.buffered.poll(20, TimeUnit.SECONDS) != null);
            peer.socket.shutdownOutput();
            List<Frame> frames = peer.frames();
            assertEquals(testServer.sends.size() - 1, frames.size());
            assertTrue(frames.stream().allMatch(frame -> frame.firstByte().opcode() == Opcode.BINARY));
            testServer.assertAbnormalEnd();
        }
    }

    /** The same holds if the peer ends its direction inside a frame. */
    @Test
    void aHalfCloseInsideAFrameEndsTheConnectionAbnormally() throws Exception {
        try (FaultTestServer testServer = new FaultTestServer();
                RawPeer peer = testServer.peer()) {
            byte[] frame = RawPeer.masked(Frame.text("not all of it"));
            peer.send(Arrays.copyOf(frame, frame.length - 1));
            peer.socket.shutdownOutput();
            assertEquals(0, peer.rest().length);
            testServer.assertAbnormalEnd();
        }
    }

    /** After a Close frame a half-close is the regular end. */
    @Test
    void aHalfCloseAfterACloseFrameIsAnsweredAndClean() throws Exception {
        try (FaultTestServer testServer = new FaultTestServer();
                RawPeer peer = testServer.peer()) {
            peer.send(Frame.close(new ClosePayload(CloseCode.NORMAL_CLOSURE, "bye")));
            peer.socket.shutdownOutput();
            assertEquals(1, peer.frames().size());
            CloseEvent end = testServer.end();
            assertTrue(end.wasClean());
            assertEquals(CloseCode.NORMAL_CLOSURE, end.code());
        }
    }

    /** A half-close during the TLS handshake closes the connection. */
    @Test
    void aHalfCloseInsideTheTlsHandshakeClosesTheConnection() throws Exception {
        try (FaultTestServer testServer = new FaultTestServer(tls, builder -> builder);
                RawPeer peer = new RawPeer(testServer.securePort(), null)) {
            peer.send(new byte[] {22, 3, 1, 2, 0, 1});
            peer.socket.shutdownOutput();
            assertEquals(0, peer.rest().length);
            testServer.awaitConnections(0);
        }
    }

    // Resets

    /** A reset at any moment ends the connection with 1006, and frees all its resources. */
    @Test
    void resetsInEveryPhaseLeaveNoResourcesBehind() throws Exception {
        try (FaultTestServer testServer =
                        new FaultTestServer(tls, builder -> builder.handshakeTimeout(Duration.ofSeconds(10)));
                RawPeer otherPeer = testServer.peer()) {
            testServer.awaitConnections(1);
            long before = Figures.openDescriptors();
            for (int round = 0; round < 30; round++) {
                List<RawPeer> peers = new ArrayList<>();
                byte[] frame = RawPeer.masked(Frame.text("not all of it"));
                for (String beginning :
                        List.of("", "GET /ws HT", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", RawPeer.request())) {
                    peers.add(sent(new RawPeer(testServer.port(), null), beginning.getBytes(US_ASCII)));
                }
                peers.add(sent(new RawPeer(testServer.securePort(), null), new byte[] {22, 3, 1, 2, 0, 1}));
                peers.add(testServer.peer());
                peers.add(sent(testServer.peer(), Arrays.copyOf(frame, 5)));
                peers.add(sent(testServer.peer(), RawPeer.masked(Frame.text("flood"))));
                peers.add(sent(testServer.peer(), RawPeer.masked(Frame.text("close"))));
                peers.add(sent(testServer.peer(), RawPeer.masked(Frame.close(ClosePayload.EMPTY))));
                if (round % 3 == 0) {
                    RawPeer encrypted = RawPeer.open(testServer.securePort(), tls);
                    encrypted.echo("over TLS");
                    peers.add(encrypted);
                }
                for (RawPeer peer : peers) {
                    peer.reset();
                }
            }
            testServer.awaitConnections(1);
            FaultTestServer.assertServedInTime(otherPeer);
            assertEquals(testServer.opened.get() - 1, testServer.closed.get(), "each was told, and once");
            assertTrue(testServer.opened.get() > 30 * 5);
            assertTrue(testServer.ends.stream().anyMatch(end -> end.code().equals(CloseCode.ABNORMAL_CLOSURE)));
            for (int i = 0;
                    i < 500 && Figures.openDescriptors() > before;
                    i++) { // the loop closes them in its next turn
                TimeUnit.MILLISECONDS.sleep(10);
            }
            assertTrue(Figures.openDescriptors() <= before, "descriptors");
        }
    }

    /** Sends are refused as soon as the socket has failed, so that a loop that sends until a refusal ends. */
    @Test
    void sendsToAResetConnectionAreRefused() throws Exception {
        CountDownLatch reset = new CountDownLatch(1);
        CompletableFuture<SendResult> last = new CompletableFuture<>();
        WebSocketListener sending = new WebSocketListener() {
            @Override
            public void onText(WebSocket webSocket, String text) {
                SendResult result = SendResult.QUEUED;
                try {
                    assertTrue(reset.await(20, TimeUnit.SECONDS));
                    for (int i = 0; i < 10_000 && result != SendResult.REFUSED; i++) {
                        result = webSocket.trySend(Message.binary(ByteBuffer.allocate(FaultTestServer.FLOOD)));
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                last.complete(result);
            }
        };
        try (FaultTestServer testServer =
                new FaultTestServer(null, builder -> builder.route("/tireless", upgrade -> upgrade.accept(sending)))) {
            RawPeer peer = new RawPeer(testServer.port(), null);
            peer.send(RawPeer.request().replace("/ws", "/tireless"));
            assertTrue(peer.head().startsWith("HTTP/1.1 101 "));
            peer.send(Frame.text("go"));
            peer.reset();
            reset.countDown();
            assertEquals(SendResult.REFUSED, last.get(20, TimeUnit.SECONDS));
            testServer.awaitConnections(0);
        }
    }

    private static RawPeer sent(RawPeer peer, byte[] bytes) throws IOException {
        peer.send(bytes);
        return peer;
    }

    // Close frames without a response

    /** A peer that never responds to a Close frame is disconnected after the deadline; the application sees 1006. */
    @Test
    void aPeerThatNeverAnswersACloseIsDisconnected() throws Exception {
        try (FaultTestServer testServer = new FaultTestServer();
                RawPeer peer = testServer.peer()) {
            long begin = System.nanoTime();
            peer.send(Frame.text("close"));
            assertEquals(Opcode.CLOSE, peer.frame().firstByte().opcode());
            testServer.assertAbnormalEnd();
            long millis = (System.nanoTime() - begin) / 1_000_000;
            assertTrue(
                    millis >= FaultTestServer.SHORT.toMillis() / 2 && millis < FaultTestServer.LATE_MILLIS,
                    "after " + millis + " ms");
            testServer.awaitConnections(0);
        }
    }

    /** Messages that arrive instead of a Close frame delay the end by the drain timeout, and no longer. */
    @Test
    void aPeerThatGoesOnSendingInsteadOfAnsweringACloseIsDisconnectedToo() throws Exception {
        try (FaultTestServer testServer = new FaultTestServer();
                RawPeer peer = testServer.peer()) {
            peer.send(Frame.text("close"));
            long begin = System.nanoTime();
            boolean cut = false;
            while (!cut) {
                try {
                    peer.send(Frame.text("one more thing"));
                } catch (IOException reset) {
                    cut = true;
                }
                assertTrue((System.nanoTime() - begin) / 1_000_000 < FaultTestServer.LATE_MILLIS, "it still listens");
                TimeUnit.MILLISECONDS.sleep(10);
            }
            testServer.assertAbnormalEnd();
        }
    }

    // Stopping with a full send buffer

    /** A peer that reads nothing delays a stop until the deadline, and is disconnected then. */
    @Test
    void aStopDisconnectsPeersThatDoNotReadAtItsDeadline() throws Exception {
        try (FaultTestServer testServer =
                        new FaultTestServer(null, builder -> builder.options(ConnectionOptions.DEFAULT));
                RawPeer peer = new RawPeer(testServer.port(), null, 4096)) {
            peer.upgrade();
            peer.send(Frame.text("flood"));
            assertTrue(testServer.buffered.poll(20, TimeUnit.SECONDS) != null);
            long begin = System.nanoTime();
            testServer.server.stop(FaultTestServer.SHORT);
            long millis = (System.nanoTime() - begin) / 1_000_000;
            assertTrue(
                    millis >= FaultTestServer.SHORT.toMillis() - 50 && millis < FaultTestServer.LATE_MILLIS,
                    "after " + millis + " ms");
            testServer.assertAbnormalEnd();
        }
    }

    /** A peer that reads gets all waiting messages, then the 1001, and the stop ends before its deadline. */
    @Test
    void aStopSendsAllWaitingMessagesToAPeerThatReads() throws Exception {
        try (FaultTestServer testServer =
                        new FaultTestServer(null, builder -> builder.options(ConnectionOptions.DEFAULT));
                RawPeer peer = new RawPeer(testServer.port(), null, 4096)) {
            peer.upgrade();
            peer.send(Frame.text("flood"));
            assertTrue(testServer.buffered.poll(20, TimeUnit.SECONDS) != null);
            Thread stopping = new Thread(() -> testServer.server.stop(Duration.ofSeconds(30)));
            stopping.start();
            for (int i = 0; i < testServer.sends.size() - 1; i++) {
                assertEquals(FaultTestServer.FLOOD, peer.frame().payload().remaining());
            }
            Frame closeFrame = peer.frame();
            assertEquals(1001, ClosePayload.decode(closeFrame.payload()).code().value());
            peer.send(Frame.close(new ClosePayload(new CloseCode(1001), "")));
            stopping.join();
            assertTrue(testServer.end().wasClean());
            assertFalse(stopping.isAlive());
        }
    }
}
