package dev.tenon.ws.conformance.readme;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.client.ConnectRequest;
import dev.tenon.ws.client.WebSocketClient;
import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.handshake.TrustedProxies;
import dev.tenon.ws.server.MemoryClient;
import dev.tenon.ws.server.MemoryServer;
import dev.tenon.ws.server.WebSocketServer;
import dev.tenon.ws.server.WebSocketServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
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
    void aServerBehindAProxyServesAnyHost() throws Exception {
        try (WebSocketServer server = behindProxy(0);
                Socket proxy = new Socket("127.0.0.1", server.port())) {
            String request = "GET / HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n\r\n";
            proxy.getOutputStream().write(request.getBytes(US_ASCII));
            String response = new String(proxy.getInputStream().readAllBytes(), US_ASCII);
            assertTrue(response.startsWith("HTTP/1.1 404 "), response);
        }
    }

    private static WebSocketServer behindProxy(int port) throws IOException {
        WebSocketServerBuilder builder = WebSocketServer.builder()
                .listen(new InetSocketAddress("127.0.0.1", port))
                .trustedProxies(TrustedProxies.xForwarded("127.0.0.1"));
        return builder.start();
    }

    record FirstMessage(AtomicBoolean authenticated, Predicate<String> tokens) implements WebSocketListener {
        @Override
        public void onOpen(WebSocket webSocket) {
            CompletableFuture.delayedExecutor(10, TimeUnit.SECONDS).execute(() -> {
                if (!authenticated.get()) {
                    webSocket.close(new CloseCode(4401), "no token");
                }
            });
        }

        @Override
        public void onText(WebSocket webSocket, String text) {
            if (authenticated.get()) {
                webSocket.sendText("you said " + text);
            } else if (tokens.test(text)) {
                authenticated.set(true);
            } else {
                webSocket.close(new CloseCode(4401), "wrong token");
            }
        }
    }

    @Test
    void aTokenMayComeInTheFirstMessage() throws Exception {
        try (MemoryServer server = WebSocketServer.builder()
                .route("/", upgrade -> upgrade.accept(new FirstMessage(new AtomicBoolean(), "secret"::equals)))
                .startInMemory()) {
            MemoryClient knows = server.connect("/");
            knows.sendText("secret");
            knows.sendText("hello");
            assertEquals("you said hello", knows.receiveText());
            MemoryClient guesses = server.connect("/");
            guesses.sendText("hello");
            assertEquals(4401, guesses.receiveClose().code().value());
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
