package dev.tenon.ws.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.ConnectionExecutor;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.Headers;
import dev.tenon.ws.handshake.HttpRequest;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.handshake.HttpVersion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Routes in a server of another library; here the test is that server. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostedRoutesTest {
    /** The test's own thread as an event loop. */
    private static final class Loop implements ConnectionExecutor {
        private final Thread thread = Thread.currentThread();
        private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();

        @Override
        public boolean isCurrentThread() {
            return Thread.currentThread() == thread;
        }

        @Override
        public void execute(Runnable task) {
            tasks.add(task);
        }

        void runUntil(BooleanSupplier condition) throws InterruptedException {
            while (!condition.getAsBoolean()) {
                Objects.requireNonNull(tasks.poll(20, TimeUnit.SECONDS), "nothing has happened")
                        .run();
            }
        }
    }

    @TempDir
    Path folder;

    private @Nullable HostedRoutes built;

    private HostedRoutes build(HostedRoutesBuilder builder) {
        HostedRoutes routes = builder.extensions(Extensions.none()).build();
        built = routes;
        return routes;
    }

    @AfterEach
    void close() {
        if (built != null) {
            built.close();
        }
    }

    private static HostedRequest request(String method, String target, String... headers) {
        Headers.Builder all = Headers.of("Host", "localhost").toBuilder();
        for (int i = 0; i < headers.length; i += 2) {
            all.add(headers[i], headers[i + 1]);
        }
        return new HostedRequest(
                new HttpRequest(method, target, HttpVersion.HTTP_1_1, all.build()), null, null, false, null);
    }

    private static HostedRequest upgrade(String target) {
        return request(
                "GET",
                target,
                "Upgrade",
                "websocket",
                "Connection",
                "Upgrade",
                "Sec-WebSocket-Version",
                "13",
                "Sec-WebSocket-Key",
                "dGhlIHNhbXBsZSBub25jZQ==");
    }

    private static HostedResponse respond(HostedRoutes routes, HostedRequest request, int bodyLength)
            throws InterruptedException {
        Loop loop = new Loop();
        CompletableFuture<HostedResponse> response = new CompletableFuture<>();
        routes.exchange(request, loop).start(ByteBuffer.allocate(bodyLength), taken -> {
            assertTrue(loop.isCurrentThread(), "a response comes on the connection's thread");
            response.complete(taken);
        });
        loop.runUntil(response::isDone);
        return response.join();
    }

    private static String read(HostedBody body, Loop loop) throws InterruptedException {
        StringBuilder text = new StringBuilder();
        while (body.remaining() > 0) {
            CompletableFuture<ByteBuffer> piece = new CompletableFuture<>();
            body.read((bytes, failure) -> {
                assertNull(failure);
                piece.complete(Objects.requireNonNull(bytes));
            });
            loop.runUntil(piece::isDone);
            assertTrue(piece.join().remaining() <= 64 * 1024);
            text.append(UTF_8.decode(piece.join()));
        }
        return text.toString();
    }

    @Test
    void aFileIsABodyThatTheHostReadsPieceByPiece() throws Exception {
        String content = "0123456789".repeat(20_000);
        Files.writeString(folder.resolve("long.txt"), content);
        HostedRoutes routes = build(HostedRoutes.builder().files("/", folder));
        Loop loop = new Loop();
        CompletableFuture<HostedResponse> response = new CompletableFuture<>();
        routes.exchange(request("GET", "/long.txt"), loop).start(ByteBuffer.allocate(0), response::complete);
        loop.runUntil(response::isDone);
        assertEquals(200, response.join().response().status());
        assertEquals(0, response.join().response().body().remaining());
        try (HostedBody body = Objects.requireNonNull(response.join().body())) {
            assertEquals(content.length(), body.remaining());
            assertEquals(content, read(body, loop));
        }
        CompletableFuture<HostedResponse> part = new CompletableFuture<>();
        routes.exchange(request("GET", "/long.txt", "Range", "bytes=3-5"), loop)
                .start(ByteBuffer.allocate(0), part::complete);
        loop.runUntil(part::isDone);
        assertEquals(206, part.join().response().status());
        try (HostedBody body = Objects.requireNonNull(part.join().body())) {
            assertEquals("345", read(body, loop));
        }
        assertEquals(404, respond(routes, request("GET", "/none"), 0).response().status());
    }

    @Test
    void aMissingFileAtTheRouteOfAWebSocketNeedsAnUpgrade() throws Exception {
        Files.writeString(folder.resolve("page"), "a page");
        HostedRoutes routes = build(HostedRoutes.builder()
                .route("/ws", upgrade -> upgrade.refuse(404, ""))
                .route("/page", upgrade -> upgrade.refuse(404, ""))
                .files("/", folder));
        HttpResponse response = respond(routes, request("GET", "/ws"), 0).response();
        assertEquals(426, response.status());
        assertEquals("websocket", response.headers().first("Upgrade"));
        assertEquals(
                404, respond(routes, request("GET", "/other"), 0).response().status());
        HostedResponse page = respond(routes, request("GET", "/page"), 0);
        assertEquals(200, page.response().status());
        Objects.requireNonNull(page.body()).close();
    }

    @Test
    void aFileThatCannotBeReadToItsEndIsAFailure() throws Exception {
        Path file = Files.writeString(folder.resolve("cut"), "0123456789");
        HostedRoutes routes = build(HostedRoutes.builder().files("/", folder));
        Loop loop = new Loop();
        CompletableFuture<HostedResponse> response = new CompletableFuture<>();
        routes.exchange(request("GET", "/cut"), loop).start(ByteBuffer.allocate(0), response::complete);
        loop.runUntil(response::isDone);
        Files.writeString(file, "0");
        try (HostedBody body = Objects.requireNonNull(response.join().body())) {
            CompletableFuture<Throwable> failed = new CompletableFuture<>();
            body.read((piece, failure) -> failed.complete(Objects.requireNonNull(failure)));
            loop.runUntil(failed::isDone);
            assertEquals(IOException.class, failed.join().getClass());
        }
    }

    @Test
    void aFileForAClientThatHasLeftIsClosed() throws Exception {
        Files.writeString(folder.resolve("f"), "content");
        CompletableFuture<Runnable> reading = new CompletableFuture<>();
        HostedRoutes routes =
                build(HostedRoutes.builder().executor(reading::complete).files("/", folder));
        Loop loop = new Loop();
        HostedExchange exchange = routes.exchange(request("GET", "/f"), loop);
        exchange.start(ByteBuffer.allocate(0), response -> {
            throw new AssertionError("the exchange is cancelled");
        });
        exchange.cancel();
        Thread reader = new Thread(reading.join());
        reader.start();
        reader.join();
        Objects.requireNonNull(loop.tasks.poll()).run();
    }

    @Test
    void aReadinessRouteReportsWhatTheHostHasSet() throws Exception {
        HostedRoutes routes = build(HostedRoutes.builder().readiness("/ready").liveness("/live"));
        assertTrue(routes.isReady());
        assertEquals(
                200, respond(routes, request("GET", "/ready"), 0).response().status());
        routes.setReady(false);
        assertFalse(routes.isReady());
        assertEquals(
                503, respond(routes, request("GET", "/ready"), 0).response().status());
        assertEquals(200, respond(routes, request("GET", "/live"), 0).response().status());
    }

    private static RouteMetrics of(HostedRoutes routes, String method) {
        return routes.metrics().stream()
                .filter(route -> route.method().equals(method))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void everyRouteCountsItsRequestsAndConnections() throws Exception {
        HostedRoutes routes = build(HostedRoutes.builder()
                .route(
                        "/{name}",
                        upgrade -> upgrade.pathParameter("name").equals("no")
                                ? upgrade.refuse(403, "no")
                                : upgrade.accept(new Echo()))
                .get("/page", page -> HttpResponse.text(200, "page"))
                .post("/page", page -> HttpResponse.text(200, "page"))
                .maxBody(10));
        assertThrows(
                HandshakeException.class,
                () -> routes.exchange(
                        request("GET", "/ws", "Upgrade", "websocket", "Connection", "upgrade"), new Loop()));
        assertEquals(403, respond(routes, upgrade("/no"), 0).response().status());
        HostedResponse.Accepted accepted = respond(routes, upgrade("/ws"), 0).accepted();
        assertEquals(200, respond(routes, request("GET", "/page"), 0).response().status());
        assertEquals(
                200, respond(routes, request("POST", "/page"), 10).response().status());
        assertEquals(
                413, respond(routes, request("POST", "/page"), 11).response().status());
        respond(routes, request("GET", "/elsewhere/x"), 0);
        try (MemoryServer server = WebSocketServer.builder()
                .route("/", echo -> echo.accept(new Echo()))
                .startInMemory()) {
            MemoryClient client = server.connect("/");
            assertNotNull(accepted);
            accepted.opened().accept(client.webSocket());
            client.sendText("hello");
            RouteMetrics open = of(routes, "UPGRADE");
            assertEquals(3, open.responses());
            assertEquals(2, open.refused());
            assertEquals(1, open.opened());
            assertEquals(1, open.open());
            assertEquals(1, open.traffic().messagesSent());
            client.close();
            RouteMetrics closed = of(routes, "UPGRADE");
            assertEquals(0, closed.open());
            assertEquals(1, closed.closedCleanly());
            assertEquals(1, closed.traffic().messagesSent());
        }
        assertEquals(1, of(routes, "GET").responses());
        assertEquals(0, of(routes, "GET").refused());
        assertEquals(2, of(routes, "POST").responses());
        assertEquals(1, of(routes, "POST").refused());
        assertEquals(1, of(routes, "*").responses());
    }

    @Test
    void closedRoutesServeNoFiles() throws Exception {
        Files.writeString(folder.resolve("f"), "content");
        HostedRoutes routes =
                build(HostedRoutes.builder().files("/", folder).get("/page", page -> HttpResponse.text(200, "")));
        respond(routes, request("GET", "/f"), 0);
        routes.close();
        assertFalse(routes.isReady());
        assertEquals(503, respond(routes, request("GET", "/f"), 0).response().status());
        assertEquals(200, respond(routes, request("GET", "/page"), 0).response().status());
    }

    @Test
    void anExchangeThatTakesTooLongIsCancelledAndRefused() throws Exception {
        CompletableFuture<HttpExchange> started = new CompletableFuture<>();
        HostedRoutes routes = build(HostedRoutes.builder().get("/never", HttpHandler.async(request -> {
            started.complete(request);
            return new CompletableFuture<>();
        })));
        HostedExchange exchange = routes.exchange(request("GET", "/never"), new Loop());
        exchange.start(ByteBuffer.allocate(0), response -> {});
        assertEquals(503, exchange.timeOut().status());
        assertTrue(started.join().isCancelled());
        exchange.timeOut();
        assertEquals(1, of(routes, "GET").refused());
    }

    @Test
    void anOriginPolicyThatThrowsIsAnInternalError() {
        HostedRoutes routes = build(HostedRoutes.builder()
                .route(
                        "/",
                        upgrade -> upgrade.refuse(404, "never called"),
                        route -> route.origins(request -> {
                            throw new AssertionError("a secret");
                        })));
        HandshakeException refused =
                assertThrows(HandshakeException.class, () -> routes.exchange(upgrade("/"), new Loop()));
        assertEquals(500, refused.toResponse().status());
        assertEquals(1, routes.metrics().get(0).refused());
    }
}
