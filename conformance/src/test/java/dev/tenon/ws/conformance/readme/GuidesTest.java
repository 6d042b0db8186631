package dev.tenon.ws.conformance.readme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.tenon.ws.client.ConnectRequest;
import dev.tenon.ws.client.WebSocketClient;
import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.server.WebSocketServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The programs of docs/guides. */
class GuidesTest {
    /** A listener that blocks, which is allowed only with an executor. */
    private static final class BlockingListener implements WebSocketListener {
        @Override
        public void onText(WebSocket webSocket, String text) {
            webSocket.sendText(Thread.currentThread().getName());
        }
    }

    private static WebSocketServer withExecutor(int port, Executor executor) throws IOException {
        WebSocketServer server = WebSocketServer.builder()
                .listen(new InetSocketAddress("127.0.0.1", port))
                .executor(executor)
                .route("/", upgrade -> upgrade.accept(new BlockingListener()))
                .start();
        return server;
    }

    @Test
    void aListenerOfAnExecutorIsCalledOnIt() throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor(task -> new Thread(task, "of the application"));
        CompletableFuture<String> received = new CompletableFuture<>();
        try (WebSocketServer server = withExecutor(0, executor);
                WebSocketClient client = WebSocketClient.create()) {
            ConnectRequest request = ConnectRequest.to("ws://127.0.0.1:" + server.port() + "/");
            client.connect(request, new WebSocketListener() {
                        @Override
                        public void onText(WebSocket webSocket, String text) {
                            received.complete(text);
                        }
                    })
                    .join()
                    .sendText("where?");
            assertEquals("of the application", received.get(60, TimeUnit.SECONDS));
        } finally {
            executor.shutdown();
        }
    }

    @Test
    void limitsAreOptions() {
        ConnectionOptions options = ConnectionOptions.DEFAULT
                .withMaxMessageLength(64 << 10)
                .withOutbound(32 << 10, 256 << 10)
                .withIdleTimeout(Duration.ofMinutes(5))
                .withKeepalive(Duration.ofSeconds(25), Duration.ofSeconds(10));
        assertEquals(64 << 10, options.maxMessageLength());
        assertFalse(options.idleTimeout().isZero());
    }
}
