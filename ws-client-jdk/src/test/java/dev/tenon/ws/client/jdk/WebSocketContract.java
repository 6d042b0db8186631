package dev.tenon.ws.client.jdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.CloseEvent;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The behaviour on which code for the JDK's client relies; tested with that client, and with Tenon's. */
abstract class WebSocketContract extends BuilderContract {
    @Test
    void textAndBytesComeBack() throws Exception {
        RecordingListener recorded = RecordingListener.everything();
        WebSocket webSocket = open(recorded);
        assertEquals("open", recorded.next());
        assertEquals(webSocket, webSocket.sendText("grüße 😀", true).join());
        assertEquals("text grüße 😀", recorded.next());
        ByteBuffer data = ByteBuffer.wrap(new byte[] {1, 2, 3});
        assertEquals(webSocket, webSocket.sendBinary(data, true).join());
        assertFalse(data.hasRemaining());
        assertEquals("binary 010203", recorded.next());
        webSocket.abort();
    }

    @Test
    void messagesMayBeSentInPieces() throws Exception {
        RecordingListener recorded = RecordingListener.everything();
        WebSocket webSocket = open(recorded);
        recorded.next();
        webSocket.sendText("one ", false).join();
        webSocket.sendText("", false).join();
        assertInstanceOf(IllegalStateException.class, failure(webSocket.sendBinary(ByteBuffer.allocate(1), true)));
        webSocket.sendText("message", true).join();
        assertEquals("text one message", recorded.next());
        webSocket.abort();
    }

    @Test
    void aLongTextArrivesWhole() throws Exception {
        String text = "aé€😀".repeat(50_000);
        RecordingListener recorded = RecordingListener.everything();
        WebSocket webSocket = open(recorded);
        recorded.next();
        webSocket.sendText(text, true).join();
        assertEquals("text " + text, recorded.next());
        webSocket.abort();
    }

    @Test
    void codePointsMayBeSplitBetweenFrames() throws Exception {
        try (Peer peer = new Peer(script -> script.upgrade()
                .send("01 01 f0")
                .send("00 02 9f98")
                .send("00 00")
                .send("80 02 8041")
                .drain())) {
            RecordingListener recorded = RecordingListener.everything();
            WebSocket webSocket = builder().buildAsync(peer.uri(), recorded).join();
            assertEquals("open", recorded.next());
            assertEquals("text 😀A", recorded.next());
            webSocket.abort();
        }
    }

    @Test
    void aPieceMayBeKept() throws Exception {
        CompletableFuture<ByteBuffer> kept = new CompletableFuture<>();
        CountDownLatch second = new CountDownLatch(2);
        WebSocket webSocket = open(new WebSocket.Listener() {
            @Override
            public CompletableFuture<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
                kept.complete(data);
                second.countDown();
                webSocket.request(1);
                return new CompletableFuture<>();
            }
        });
        webSocket.sendBinary(ByteBuffer.wrap(new byte[] {1, 2}), true).join();
        kept.join();
        webSocket.sendBinary(ByteBuffer.wrap(new byte[] {3, 4}), true).join();
        assertTrue(second.await(20, TimeUnit.SECONDS));
        assertEquals(ByteBuffer.wrap(new byte[] {1, 2}), kept.join());
        webSocket.abort();
    }

    @Test
    void pingsAreAnsweredAndReported() throws Exception {
        CompletableFuture<String> response = new CompletableFuture<>();
        try (Peer peer = new Peer(script -> {
            response.complete(script.upgrade().send("89 02 0102").frame());
            script.send("8a 01 07").drain();
        })) {
            RecordingListener recorded = RecordingListener.everything();
            WebSocket webSocket = builder().buildAsync(peer.uri(), recorded).join();
            assertEquals("open", recorded.next());
            assertEquals("ping 0102", recorded.next());
            assertEquals("8a 0102", response.get(20, TimeUnit.SECONDS));
            assertEquals("pong 07", recorded.next());
            webSocket.abort();
        }
    }

    @Test
    void pingsAndPongsAreSent() throws Exception {
        CompletableFuture<String> sent = new CompletableFuture<>();
        try (Peer peer = new Peer(script -> {
            sent.complete(script.upgrade().frame() + ", " + script.frame());
            script.drain();
        })) {
            WebSocket webSocket = builder()
                    .buildAsync(peer.uri(), RecordingListener.everything())
                    .join();
            webSocket.sendPing(ByteBuffer.wrap(new byte[] {5})).join();
            webSocket.sendPong(ByteBuffer.allocate(0)).join();
            assertEquals("89 05, 8a ", sent.get(20, TimeUnit.SECONDS));
            assertInstanceOf(IllegalArgumentException.class, failure(webSocket.sendPing(ByteBuffer.allocate(126))));
            assertInstanceOf(IllegalArgumentException.class, failure(webSocket.sendPong(ByteBuffer.allocate(126))));
            webSocket.abort();
        }
    }

    @Test
    void noUnrequestedCallsAreMade() throws Exception {
        try (Peer peer = new Peer(script ->
                script.upgrade().send("81 01 61 89 00 81 01 62 88 02 03e8").drain())) {
            RecordingListener recorded = new RecordingListener(0);
            WebSocket webSocket = builder().buildAsync(peer.uri(), recorded).join();
            assertEquals("open", recorded.next());
            for (String event : new String[] {"text a", "ping ", "text b", "close 1000 "}) {
                assertNull(recorded.now());
                webSocket.request(1);
                assertEquals(event, recorded.next());
            }
        }
    }

    @Test
    void aDemandIsPositive() throws Exception {
        WebSocket webSocket = open(new RecordingListener(0));
        assertThrows(IllegalArgumentException.class, () -> webSocket.request(0));
        assertThrows(IllegalArgumentException.class, () -> webSocket.request(-1));
        webSocket.abort();
    }

    @Test
    void aListenerWithDefaultMethodsRequestsEverything() throws Exception {
        try (Peer peer = new Peer(script -> {
            script.upgrade().send("81 01 61 82 01 61 89 00 8a 00 88 02 0fa0");
            assertEquals("8a ", script.frame());
            assertEquals("88 0fa0", script.frame());
        })) {
            builder().buildAsync(peer.uri(), new WebSocket.Listener() {}).join();
            peer.done().get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void onlyOneMessageIsSentAtATime() throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        try (Peer peer = new Peer(script -> {
            script.upgrade();
            read.await();
            script.drain();
        })) {
            WebSocket webSocket = builder()
                    .buildAsync(peer.uri(), RecordingListener.everything())
                    .join();
            CompletableFuture<WebSocket> first = webSocket.sendBinary(ByteBuffer.allocate(32 << 20), true);
            assertInstanceOf(IllegalStateException.class, failure(webSocket.sendText("x", true)));
            assertFalse(first.isDone());
            CompletableFuture<WebSocket> ping = webSocket.sendPing(ByteBuffer.allocate(0));
            assertInstanceOf(IllegalStateException.class, failure(webSocket.sendPong(ByteBuffer.allocate(0))));
            read.countDown();
            first.get(20, TimeUnit.SECONDS);
            ping.get(20, TimeUnit.SECONDS);
            webSocket.sendText("x", true).get(20, TimeUnit.SECONDS);
            webSocket.abort();
        }
    }

    @Test
    void aLoneSurrogateIsNotSent() throws Exception {
        WebSocket webSocket = open(RecordingListener.everything());
        assertInstanceOf(IOException.class, failure(webSocket.sendText("\ud83d!", true)));
        webSocket.abort();
    }

    @Test
    void theClientCloses() throws Exception {
        RecordingListener recorded = RecordingListener.everything();
        WebSocket webSocket = open(recorded);
        recorded.next();
        assertFalse(webSocket.isOutputClosed());
        webSocket.sendClose(3000, "done").join();
        assertTrue(webSocket.isOutputClosed());
        assertEquals("close 3000 ", recorded.next().replace("done", ""));
        CloseEvent event = ended.get(20, TimeUnit.SECONDS);
        assertEquals("3000 done", event.code().value() + " " + event.reason());
        assertTrue(event.wasClean());
    }

    @Test
    void theServerCloses() throws Exception {
        RecordingListener recorded = RecordingListener.everything();
        WebSocket webSocket = open(recorded);
        recorded.next();
        assertFalse(webSocket.isInputClosed());
        webSocket.sendText("bye", true).join();
        assertEquals("close 4001 as you wish", recorded.next());
        assertEquals(4001, ended.get(20, TimeUnit.SECONDS).code().value());
        assertTrue(webSocket.isInputClosed());
    }

    @Test
    void aCloseWithoutACodeIs1005() throws Exception {
        try (Peer peer = new Peer(script -> script.upgrade().send("88 00").frame())) {
            RecordingListener recorded = RecordingListener.everything();
            builder().buildAsync(peer.uri(), recorded).join();
            assertEquals("open", recorded.next());
            assertEquals("close 1005 ", recorded.next());
        }
    }

    @ParameterizedTest
    @ValueSource(
            ints = {-1, 0, 999, 1002, 1003, 1004, 1005, 1006, 1007, 1009, 1010, 1012, 1013, 1015, 1016, 2999, 5000})
    void codesThatAreNotForClientsAreRejected(int code) throws Exception {
        WebSocket webSocket = open(RecordingListener.everything());
        assertInstanceOf(IllegalArgumentException.class, failure(webSocket.sendClose(code, "")));
        assertFalse(webSocket.isOutputClosed());
        webSocket.abort();
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 1008, 1011, 3000, 4999})
    void codesForClientsAreSent(int code) throws Exception {
        WebSocket webSocket = open(RecordingListener.everything());
        webSocket.sendClose(code, "").join();
        assertEquals(code, ended.get(20, TimeUnit.SECONDS).code().value());
    }

    @Test
    void aReasonThatDoesNotFitIsRejected() throws Exception {
        WebSocket webSocket = open(RecordingListener.everything());
        assertInstanceOf(IllegalArgumentException.class, failure(webSocket.sendClose(1000, "é".repeat(62))));
        assertInstanceOf(IllegalArgumentException.class, failure(webSocket.sendClose(1000, "\ud83d")));
        webSocket.sendClose(1000, "é".repeat(61)).join();
    }

    @Test
    void nothingIsSentAfterTheClose() throws Exception {
        WebSocket webSocket = open(RecordingListener.everything());
        webSocket.sendClose(1000, "").join();
        assertInstanceOf(IOException.class, failure(webSocket.sendText("x", true)));
        assertInstanceOf(IOException.class, failure(webSocket.sendBinary(ByteBuffer.allocate(1), true)));
        assertInstanceOf(IOException.class, failure(webSocket.sendPing(ByteBuffer.allocate(1))));
        assertInstanceOf(IOException.class, failure(webSocket.sendPong(ByteBuffer.allocate(1))));
        assertInstanceOf(IOException.class, failure(webSocket.sendClose(1000, "")));
    }

    @Test
    void anAbortEndsTheConnectionWithoutFurtherCalls() throws Exception {
        RecordingListener recorded = RecordingListener.everything();
        try (Peer peer = new Peer(script -> script.upgrade().drain())) {
            WebSocket webSocket = builder().buildAsync(peer.uri(), recorded).join();
            assertEquals("open", recorded.next());
            webSocket.abort();
            assertTrue(webSocket.isInputClosed() && webSocket.isOutputClosed());
            assertInstanceOf(IOException.class, failure(webSocket.sendText("x", true)));
            peer.done().get(20, TimeUnit.SECONDS);
            webSocket.abort();
            assertNull(recorded.now());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"83 00", "c1 00", "81 80 00000000", "80 00", "89 7e 007e", "81 01 ff", "88 02 03ed"})
    void aPeerThatBreaksTheProtocolIsAnError(String frame) throws Exception {
        try (Peer peer = new Peer(script -> script.upgrade().send(frame).drain())) {
            RecordingListener recorded = RecordingListener.everything();
            WebSocket webSocket = builder().buildAsync(peer.uri(), recorded).join();
            assertEquals("open", recorded.next());
            assertEquals("error", recorded.next());
            assertInstanceOf(ProtocolException.class, recorded.error);
            assertTrue(webSocket.isInputClosed() && webSocket.isOutputClosed());
            assertNull(recorded.now());
        }
    }

    @Test
    void anEndWithoutACloseFrameIs1006() throws Exception {
        try (Peer peer = new Peer(script -> {
            assertEquals("89 ", script.upgrade().send("81 01 61").frame());
            script.end().drain();
        })) {
            RecordingListener recorded = RecordingListener.everything();
            WebSocket webSocket = builder().buildAsync(peer.uri(), recorded).join();
            assertEquals("open", recorded.next());
            assertEquals("text a", recorded.next());
            CompletableFuture<?> unused = webSocket.sendPing(ByteBuffer.allocate(0));
            assertEquals("close 1006 ", recorded.next());
            assertTrue(webSocket.isInputClosed());
        }
    }

    @Test
    void aListenerThatThrowsGetsOnErrorAndNoFurtherCalls() throws Exception {
        CompletableFuture<Throwable> reported = new CompletableFuture<>();
        IllegalStateException thrown = new IllegalStateException("thrown on purpose");
        try (Peer peer = new Peer(script -> script.upgrade().send("81 01 61").drain())) {
            builder()
                    .buildAsync(peer.uri(), new WebSocket.Listener() {
                        @Override
                        public CompletableFuture<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
                            throw thrown;
                        }

                        @Override
                        public void onError(WebSocket webSocket, Throwable error) {
                            reported.complete(error);
                        }
                    })
                    .join();
            assertEquals(thrown, reported.get(20, TimeUnit.SECONDS));
        }
    }

    @Test
    void aListenerMayBlock() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        WebSocket blocked = open(new WebSocket.Listener() {
            @Override
            public CompletableFuture<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
                try {
                    release.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return CompletableFuture.completedFuture(null);
            }
        });
        blocked.sendText("x", true).join();
        textAndBytesComeBack();
        release.countDown();
        blocked.abort();
    }

    @Test
    @SuppressWarnings("NullAway") // the test passes null on purpose
    void nothingMayBeNull() throws Exception {
        WebSocket.Builder builder = builder();
        assertThrows(NullPointerException.class, () -> builder.header("x", null));
        assertThrows(NullPointerException.class, () -> builder.subprotocols(null));
        assertThrows(NullPointerException.class, () -> builder.subprotocols("a", (String) null));
        assertThrows(NullPointerException.class, () -> builder.connectTimeout(null));
        assertThrows(NullPointerException.class, () -> builder.buildAsync(null, RecordingListener.everything()));
        assertThrows(NullPointerException.class, () -> builder.buildAsync(uri("/echo"), null));
        WebSocket webSocket = open(RecordingListener.everything());
        assertThrows(NullPointerException.class, () -> webSocket.sendText(null, true));
        assertThrows(NullPointerException.class, () -> webSocket.sendBinary(null, true));
        assertThrows(NullPointerException.class, () -> webSocket.sendPing(null));
        assertThrows(NullPointerException.class, () -> webSocket.sendPong(null));
        assertThrows(NullPointerException.class, () -> webSocket.sendClose(1000, null));
        webSocket.abort();
    }
}
