package dev.tenon.ws.client.jdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.client.WebSocketClient;
import java.io.IOException;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tenon's client obeys the contract too; further tests are about its differences from the JDK's client. */
class JdkWebSocketsTest extends WebSocketContract {
    private WebSocketClient client;

    @BeforeEach
    void connects() throws IOException {
        client = WebSocketClient.create();
    }

    @AfterEach
    void ends() {
        client.close();
    }

    @Override
    WebSocket.Builder builder() {
        return JdkWebSockets.newWebSocketBuilder(client);
    }

    @Test
    void compressionIsOffered() throws Exception {
        CompletableFuture<String> offer = new CompletableFuture<>();
        try (Peer peer = new Peer(script ->
                offer.complete(String.valueOf(script.request().headers().first("Sec-WebSocket-Extensions"))))) {
            CompletableFuture<?> unused = builder().buildAsync(peer.uri(), RecordingListener.everything());
            String extensions = offer.get(20, TimeUnit.SECONDS);
            assertTrue(extensions.startsWith("permessage-deflate"), extensions);
        }
    }

    @Test
    void aCancelledBuildGivesTheAttemptUp() throws Exception {
        CompletableFuture<Boolean> received = new CompletableFuture<>();
        try (Peer peer = new Peer(script -> {
            script.request();
            received.complete(true);
            script.drain();
        })) {
            CompletableFuture<WebSocket> building = builder().buildAsync(peer.uri(), RecordingListener.everything());
            received.get(20, TimeUnit.SECONDS);
            building.cancel(false);
            assertThrows(CancellationException.class, building::join);
            peer.done().get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void aCloseFrameIsAnsweredBeforeOnClose() throws Exception {
        try (Peer peer = new Peer(script -> {
            script.upgrade().send("88 02 0fa0");
            assertEquals("88 0fa0", script.frame());
        })) {
            RecordingListener recorded = new RecordingListener(0);
            WebSocket webSocket = builder().buildAsync(peer.uri(), recorded).join();
            peer.done().get(20, TimeUnit.SECONDS);
            assertTrue(webSocket.isOutputClosed());
            webSocket.request(1);
            assertEquals("open", recorded.next());
            assertEquals("close 4000 ", recorded.next());
        }
    }

    @Test
    void pingsAreAnsweredWithoutDemandAndTheFirst64AreReported() throws Exception {
        CompletableFuture<Boolean> answered = new CompletableFuture<>();
        try (Peer peer = new Peer(script -> {
            script.upgrade();
            for (int i = 0; i < 100; i++) {
                script.send("89 00");
                assertEquals("8a ", script.frame());
            }
            answered.complete(true);
            assertEquals("8a 01", script.send("81 01 61 89 01 01").frame());
            script.drain();
        })) {
            RecordingListener recorded = new RecordingListener(0);
            WebSocket webSocket = builder().buildAsync(peer.uri(), recorded).join();
            assertEquals("open", recorded.next());
            answered.get(20, TimeUnit.SECONDS);
            webSocket.request(64);
            for (int i = 0; i < 64; i++) {
                assertEquals("ping ", recorded.next());
            }
            webSocket.request(1);
            assertEquals("text a", recorded.next());
            webSocket.abort();
        }
    }

    /** Not in the contract, because the JDK's client repeats the request. */
    @Test
    void aServerThatEndsWithoutAResponseIsAnIoFailure() throws Exception {
        try (Peer peer = new Peer(Peer::request)) {
            assertInstanceOf(
                    IOException.class, failure(builder().buildAsync(peer.uri(), RecordingListener.everything())));
        }
    }

    /** Kotlin and Scala have no checked exceptions, so any listener can throw one. */
    static List<Throwable> thrown() {
        return List.of(new IllegalStateException("on purpose"), new IOException("on purpose"), new Error("on purpose"));
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    static <T extends Throwable> RuntimeException unchecked(Throwable thrown) throws T {
        throw (T) thrown;
    }

    @ParameterizedTest
    @MethodSource("thrown")
    void aListenerThatThrowsEndsTheConnectionWith1011(Throwable thrown) throws Exception {
        CompletableFuture<Throwable> reported = new CompletableFuture<>();
        try (Peer peer = new Peer(script -> {
            script.upgrade().send("89 00");
            assertEquals("8a ", script.frame());
            assertEquals("88 03f3", script.frame());
        })) {
            builder()
                    .buildAsync(peer.uri(), new WebSocket.Listener() {
                        @Override
                        public CompletableFuture<?> onPing(WebSocket webSocket, ByteBuffer message) {
                            throw JdkWebSocketsTest.<RuntimeException>unchecked(thrown);
                        }

                        @Override
                        public void onError(WebSocket webSocket, Throwable error) {
                            reported.complete(error);
                            throw JdkWebSocketsTest.<RuntimeException>unchecked(new Exception("again"));
                        }
                    })
                    .join();
            assertSame(thrown, reported.get(20, TimeUnit.SECONDS));
            peer.done().get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void anExecutorThatRejectsEndsTheConnection() throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try (Peer peer = new Peer(script -> script.upgrade().drain())) {
            RecordingListener recorded = RecordingListener.everything();
            WebSocket webSocket = JdkWebSockets.newWebSocketBuilder(client, executor)
                    .buildAsync(peer.uri(), recorded)
                    .join();
            assertEquals("open", recorded.next());
            executor.shutdownNow();
            assertTrue(executor.awaitTermination(20, TimeUnit.SECONDS));
            webSocket.sendText("x", true).join();
            client.close(Duration.ZERO);
            assertEquals("error", recorded.next());
            peer.done().get(20, TimeUnit.SECONDS);
        }
    }

    /** Such an executor may wrap another one, for example to pass on a trace, and have a fault in the wrapper. */
    @ParameterizedTest
    @MethodSource("thrown")
    void anExecutorThatThrowsCompletesTheFutureAndIsReported(Throwable fault) throws Exception {
        try (Peer peer = new Peer(script -> script.upgrade().drain())) {
            RecordingListener recorded = RecordingListener.everything();
            WebSocket webSocket = JdkWebSockets.newWebSocketBuilder(client, task -> {
                        throw JdkWebSocketsTest.<RuntimeException>unchecked(fault);
                    })
                    .buildAsync(peer.uri(), recorded)
                    .get(20, TimeUnit.SECONDS);
            assertEquals("error", recorded.next());
            assertSame(fault, recorded.error);
            assertTrue(webSocket.isInputClosed());
            peer.done().get(20, TimeUnit.SECONDS);
        }
    }
}
