package dev.tenon.ws.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.Headers;
import dev.tenon.ws.handshake.HttpResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MemoryServerTest {
    private static WebSocketServerBuilder echo() {
        return WebSocketServer.builder().route("/echo/{name}", upgrade -> upgrade.accept(new Echo()));
    }

    @Test
    void theReplyArrivesBeforeTheCallReturns() {
        try (MemoryServer server = echo().startInMemory()) {
            MemoryClient client = server.connect("/echo/a");
            client.sendText("hello");
            assertTrue(client.hasMessage());
            assertEquals("hello", client.receiveText());
            client.close(new CloseCode(4000), "bye");
            CloseEvent event = client.receiveClose();
            assertEquals(new CloseCode(4000), event.code());
            assertTrue(event.wasClean());
        }
    }

    @Test
    void binaryMessagesPassBothWays() {
        List<ByteBuffer> received = new ArrayList<>();
        try (MemoryServer server = WebSocketServer.builder()
                .route(
                        "/bytes",
                        upgrade -> upgrade.accept(new WebSocketListener() {
                            @Override
                            public void onBinary(WebSocket webSocket, ByteBuffer data) {
                                received.add(ByteBuffer.allocate(data.remaining())
                                        .put(data.duplicate())
                                        .flip());
                                webSocket.sendBinary(data);
                            }
                        }))
                .startInMemory()) {
            MemoryClient client = server.connect("/bytes");
            client.sendBinary(ByteBuffer.wrap(new byte[] {1, 2}));
            assertEquals(ByteBuffer.wrap(new byte[] {1, 2}), client.receiveBinary());
            assertEquals(List.of(ByteBuffer.wrap(new byte[] {1, 2})), received);
        }
    }

    @Test
    void longMessagesPassWhole() {
        try (MemoryServer server = echo().startInMemory()) {
            MemoryClient client = server.connect("/echo/a");
            String text = "ü".repeat(300_000);
            client.sendText(text);
            assertEquals(text, client.receiveText());
        }
    }

    @Test
    void noThreadIsStarted() {
        long before = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("tenon-server"))
                .count();
        try (MemoryServer server = echo().startInMemory()) {
            server.connect("/echo/a").sendText("x");
            assertEquals(
                    before,
                    Thread.getAllStackTraces().keySet().stream()
                            .filter(thread -> thread.getName().startsWith("tenon-server"))
                            .count());
        }
    }

    @Test
    void aRefusalIsThrownWithItsResponse() {
        WebSocketServerBuilder builder = echo().route(
                        "/login",
                        upgrade -> "7".equals(upgrade.cookie("sid"))
                                ? upgrade.accept(new Echo()).withSubprotocol("b")
                                : upgrade.refuse(401, "who are you?"))
                .maxConnections(3);
        try (MemoryServer server = builder.startInMemory()) {
            assertEquals(401, refused(server, "/login", Headers.empty()));
            assertEquals(404, refused(server, "/nowhere", Headers.empty()));
            assertEquals(403, refused(server, "/echo/a", Headers.of("Origin", "https://evil.example")));
            assertEquals(421, refused(server, "ws://evil.example/echo/a", Headers.empty()));
            MemoryClient client =
                    server.connect("/login", Headers.of("Cookie", "sid=7", "Sec-WebSocket-Protocol", "a, b"));
            assertEquals("b", client.webSocket().subprotocol());
            server.connect("/echo/a");
            server.connect("/echo/a");
            assertEquals(503, refused(server, "/echo/a", Headers.empty()));
            client.close();
            server.connect("/echo/a");
        }
    }

    private static int refused(MemoryServer server, String target, Headers headers) {
        return assertThrows(HandshakeException.class, () -> server.connect(target, headers))
                .toResponse()
                .status();
    }

    @Test
    void aGetRequestMayHaveHeaders() throws IOException {
        WebSocketServerBuilder builder =
                echo().get("/who", request -> HttpResponse.json(200, "\"" + request.cookie("sid") + "\""));
        try (MemoryServer server = builder.startInMemory()) {
            HttpResponse response = server.get("/who", Headers.of("Cookie", "sid=7"));
            assertEquals("\"7\"", response.bodyText());
            assertEquals("application/json; charset=utf-8", response.headers().first("Content-Type"));
        }
    }

    @Test
    void plainRequestsGetResponses(@TempDir Path directory) throws IOException {
        Files.writeString(directory.resolve("long.txt"), "0123456789".repeat(30_000));
        WebSocketServerBuilder builder = echo().get("/health", request -> HttpResponse.text(200, "ok"))
                .post(
                        "/upper",
                        request -> HttpResponse.text(200, request.bodyText().toUpperCase(java.util.Locale.ROOT)))
                .files("/files", directory);
        try (MemoryServer server = builder.startInMemory()) {
            assertEquals("ok", server.get("/health").bodyText());
            assertEquals(
                    "ABC",
                    server.request("POST", "/upper", Headers.empty(), UTF_8.encode("abc"))
                            .bodyText());
            assertEquals(
                    405,
                    server.request("PUT", "/upper", Headers.empty(), UTF_8.encode(""))
                            .status());
            assertEquals(300_000, server.get("/files/long.txt").bodyText().length());
            HttpResponse head = server.request("HEAD", "/files/long.txt", Headers.empty(), UTF_8.encode(""));
            assertEquals("300000", head.headers().first("Content-Length"));
            assertEquals(426, server.get("/echo/a").status());
        }
    }

    @Test
    void clientsWaitForThreadsOfTheApplication() {
        ExecutorService pool = Executors.newFixedThreadPool(2);
        try (MemoryServer server = WebSocketServer.builder()
                .route("/blocking", upgrade -> upgrade.accept(new Echo()), route -> route.executor(pool))
                .route("/later", upgrade -> CompletableFuture.supplyAsync(() -> upgrade.accept(new Echo()), pool))
                .startInMemory()) {
            for (String target : List.of("/blocking", "/later")) {
                MemoryClient client = server.connect(target);
                for (int i = 0; i < 50; i++) {
                    client.sendText("m" + i);
                }
                for (int i = 0; i < 50; i++) {
                    assertEquals("m" + i, client.receiveText());
                }
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void aSendFromAnotherThreadArrives() throws Exception {
        CompletableFuture<WebSocket> held = new CompletableFuture<>();
        try (MemoryServer server = WebSocketServer.builder()
                .route(
                        "/hold",
                        upgrade -> upgrade.accept(new WebSocketListener() {
                            @Override
                            public void onOpen(WebSocket webSocket) {
                                held.complete(webSocket);
                            }
                        }))
                .startInMemory()) {
            MemoryClient client = server.connect("/hold");
            Thread sender = new Thread(() -> held.join().sendText("from afar"));
            sender.start();
            assertEquals("from afar", client.receiveText());
            sender.join();
            held.join().sendText("from the test");
            assertEquals("from the test", client.receiveText());
        }
    }

    @Test
    void onlyAdvanceLetsTimePass() {
        List<CloseEvent> closed = new ArrayList<>();
        WebSocketServerBuilder builder = WebSocketServer.builder()
                .route(
                        "/idle",
                        upgrade -> upgrade.accept(new WebSocketListener() {
                            @Override
                            public void onClose(WebSocket webSocket, CloseEvent event) {
                                closed.add(event);
                            }
                        }),
                        route -> route.options(o -> o.withIdleTimeout(Duration.ofMinutes(5))))
                .get("/never", HttpHandler.async(request -> new CompletableFuture<>()));
        try (MemoryServer server = builder.startInMemory()) {
            MemoryClient client = server.connect("/idle");
            server.advance(Duration.ofMinutes(4));
            assertEquals(List.of(), closed);
            server.advance(Duration.ofMinutes(2));
            assertEquals(CloseCode.GOING_AWAY, client.receiveClose().code());
            assertEquals(1, closed.size());
        }
    }

    @Test
    void aClientThatStopsReadingAndVanishesIsLost() {
        List<CloseEvent> closed = new ArrayList<>();
        CompletableFuture<WebSocket> held = new CompletableFuture<>();
        try (MemoryServer server = WebSocketServer.builder()
                .route(
                        "/feed",
                        upgrade -> upgrade.accept(new WebSocketListener() {
                            @Override
                            public void onOpen(WebSocket webSocket) {
                                held.complete(webSocket);
                            }

                            @Override
                            public void onClose(WebSocket webSocket, CloseEvent event) {
                                closed.add(event);
                            }
                        }))
                .startInMemory()) {
            MemoryClient client = server.connect("/feed");
            client.stopReading();
            held.join().sendText("waits");
            assertFalse(client.hasMessage());
            assertTrue(held.join().bufferedAmount() > 0);
            client.startReading();
            assertEquals("waits", client.receiveText());
            assertEquals(0, held.join().bufferedAmount());
            client.disconnect();
            assertEquals(CloseCode.ABNORMAL_CLOSURE, closed.get(0).code());
        }
    }

    @Test
    void closingTheServerClosesItsClientsWith1001() {
        MemoryServer server = echo().startInMemory();
        MemoryClient client = server.connect("/echo/a");
        server.close();
        CloseEvent event = client.receiveClose();
        assertEquals(CloseCode.GOING_AWAY, event.code());
        assertTrue(event.wasClean());
    }

    @Test
    void aWrongOrMissingMessageIsAnAssertionError() {
        try (MemoryServer server = echo().startInMemory()) {
            MemoryClient client = server.connect("/echo/a");
            client.sendText("text");
            AssertionError kind = assertThrows(AssertionError.class, client::receiveBinary);
            assertTrue(String.valueOf(kind.getMessage()).contains("\"text\""), kind.getMessage());
            client.close();
            AssertionError none = assertThrows(AssertionError.class, client::receiveText);
            assertTrue(String.valueOf(none.getMessage()).contains("1000"), none.getMessage());
        }
    }

    @Test
    void aListenerThatThrowsEndsItsConnectionOnly() {
        try (MemoryServer server = echo().route(
                        "/broken",
                        upgrade -> upgrade.accept(new WebSocketListener() {
                            @Override
                            public void onText(WebSocket webSocket, String text) {
                                throw new IllegalStateException("deliberate: a test wants to see this");
                            }
                        }))
                .startInMemory()) {
            MemoryClient good = server.connect("/echo/a");
            MemoryClient broken = server.connect("/broken");
            broken.sendText("x");
            assertEquals(CloseCode.INTERNAL_ERROR, broken.receiveClose().code());
            good.sendText("still here");
            assertEquals("still here", good.receiveText());
            assertNull(good.webSocket().subprotocol().isEmpty() ? null : "none was asked for");
        }
    }
}
