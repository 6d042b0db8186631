package dev.tenon.ws.examples.calls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tenon.ws.client.WebSocketClient;
import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.server.WebSocketServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Replies are matched with their requests in any order. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CallsTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    /** Requests that the server has received and not answered. */
    private final List<CompletableFuture<String>> waiting = Collections.synchronizedList(new ArrayList<>());

    private CompletableFuture<String> answer(String question) {
        if (question.equals("fail")) {
            return CompletableFuture.failedFuture(new IllegalStateException("a secret"));
        }
        if (!question.startsWith("wait")) {
            return CompletableFuture.completedFuture(question + "!");
        }
        CompletableFuture<String> later = new CompletableFuture<>();
        waiting.add(later);
        CompletableFuture<String> answered = later.thenApply(ignored -> question + " is over");
        if (waiting.size() == 2) { // the second is answered before the first
            waiting.get(1).complete("");
            waiting.get(0).complete("");
        }
        return answered;
    }

    private WebSocketServer serve() throws IOException {
        return WebSocketServer.builder()
                .listen(new InetSocketAddress("127.0.0.1", 0))
                .route("/calls", upgrade -> upgrade.accept(new Peer(this::answer).listener()))
                .start();
    }

    private static String uri(WebSocketServer server) {
        return "ws://127.0.0.1:" + server.port() + "/calls";
    }

    private static Throwable failure(CompletableFuture<String> call) {
        ExecutionException failed = assertThrows(ExecutionException.class, () -> call.get(30, TimeUnit.SECONDS));
        return Objects.requireNonNull(failed.getCause());
    }

    @Test
    void repliesFindTheirRequests() throws Exception {
        Peer peer = new Peer(CompletableFuture::completedFuture);
        try (WebSocketServer server = serve();
                WebSocketClient client = WebSocketClient.create()) {
            CompletableFuture<String> early = peer.call("early", LONG);
            client.connect(uri(server), peer.listener()).get(30, TimeUnit.SECONDS);
            assertEquals("early!", early.get(30, TimeUnit.SECONDS));
            CompletableFuture<String> first = peer.call("wait 1", LONG);
            CompletableFuture<String> second = peer.call("wait 2", LONG);
            assertEquals("wait 1 is over", first.get(30, TimeUnit.SECONDS));
            assertEquals("wait 2 is over", second.get(30, TimeUnit.SECONDS));
            assertEquals("it failed", failure(peer.call("fail", LONG)).getMessage());
            assertInstanceOf(TimeoutException.class, failure(peer.call("wait 3", Duration.ofMillis(1))));
        }
    }

    @Test
    void pendingCallsFailWithTheConnection() throws Exception {
        Peer peer = new Peer(CompletableFuture::completedFuture);
        try (WebSocketServer server = serve();
                WebSocketClient client = WebSocketClient.create()) {
            WebSocket webSocket = client.connect(uri(server), peer.listener()).get(30, TimeUnit.SECONDS);
            CompletableFuture<String> call = peer.call("wait", LONG);
            webSocket.close();
            assertInstanceOf(IOException.class, failure(call));
            assertInstanceOf(IOException.class, failure(peer.call("late", LONG)));
        }
    }

    @Test
    void anInvalidEnvelopeClosesTheConnection() throws Exception {
        try (WebSocketServer server = serve();
                WebSocketClient client = WebSocketClient.create()) {
            WebSocket webSocket = client.connect(uri(server), new Peer(CompletableFuture::completedFuture).listener())
                    .get(30, TimeUnit.SECONDS);
            webSocket.sendText("{}");
            CloseEvent event = webSocket.whenClosed().toCompletableFuture().get(30, TimeUnit.SECONDS);
            assertEquals(CloseCode.INVALID_PAYLOAD_DATA, event.code());
        }
    }
}
