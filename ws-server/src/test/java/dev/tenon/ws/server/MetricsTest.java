package dev.tenon.ws.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.TrafficCounters;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.frame.Frame;
import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.Headers;
import dev.tenon.ws.handshake.HttpResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MetricsTest {
    private final CompletableFuture<MemoryServer> running = new CompletableFuture<>();

    private void takes(long millis) {
        running.join().advance(Duration.ofMillis(millis));
    }

    private MemoryServer server() {
        MemoryServer server = WebSocketServer.builder()
                .extensions(Extensions.none())
                .route("/rooms/{room}", upgrade -> {
                    takes(upgrade.pathParameter("room").equals("slow") ? 300 : 100);
                    return upgrade.pathParameter("room").equals("closed")
                            ? upgrade.refuse(403, "closed")
                            : upgrade.accept(new Echo());
                })
                .get("/page", request -> {
                    takes(50);
                    return HttpResponse.text(200, "page");
                })
                .post("/page", request -> {
                    throw HandshakeException.refuse(409, "no");
                })
                .startInMemory();
        running.complete(server);
        return server;
    }

    private static RouteMetrics of(ServerMetrics metrics, String method, String path) {
        return metrics.routes().stream()
                .filter(route -> route.method().equals(method) && route.path().equals(path))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void everyRouteCountsForItself() {
        try (MemoryServer server = server()) {
            MemoryClient ann = server.connect("/rooms/oak");
            MemoryClient bob = server.connect("/rooms/slow");
            assertThrows(HandshakeException.class, () -> server.connect("/rooms/closed"));
            ann.sendText("hello");
            bob.close();
            server.get("/page");
            server.get("/page");
            server.request("POST", "/page", Headers.empty(), ByteBuffer.allocate(0));
            server.get("/elsewhere");
            ServerMetrics metrics = server.metrics();
            RouteMetrics rooms = of(metrics, "UPGRADE", "/rooms/{room}");
            assertEquals(3, rooms.responses());
            assertEquals(1, rooms.refused());
            assertEquals(Duration.ofMillis(500), rooms.responseTime());
            assertEquals(Duration.ofMillis(300), rooms.slowestResponse());
            assertEquals(2, rooms.opened());
            assertEquals(1, rooms.closedCleanly());
            assertEquals(1, rooms.open());
            assertEquals(1, rooms.traffic().messagesReceived());
            assertEquals(1, rooms.traffic().messagesSent());
            RouteMetrics page = of(metrics, "GET", "/page");
            assertEquals(2, page.responses());
            assertEquals(Duration.ofMillis(100), page.responseTime());
            assertEquals(1, of(metrics, "POST", "/page").refused());
            assertEquals(1, of(metrics, "*", "*").responses());
            assertEquals(2, metrics.counters().refused());
            assertEquals(2, metrics.counters().opened());
        }
    }

    @Test
    void theBacklogOfASlowClientIsReported() {
        CompletableFuture<WebSocket> held = new CompletableFuture<>();
        try (MemoryServer server = WebSocketServer.builder()
                .route(
                        "/feed",
                        upgrade -> upgrade.accept(new WebSocketListener() {
                            @Override
                            public void onOpen(WebSocket webSocket) {
                                held.complete(webSocket);
                            }
                        }))
                .startInMemory()) {
            MemoryClient client = server.connect("/feed");
            assertEquals(0, server.metrics().slow());
            client.stopReading();
            held.join().sendText("waits");
            client.hasMessage();
            RouteMetrics feed = of(server.metrics(), "UPGRADE", "/feed");
            assertEquals(7, feed.backlog());
            assertEquals(1, feed.slow());
            assertEquals(7, server.metrics().backlog());
            client.startReading();
            assertEquals(0, of(server.metrics(), "UPGRADE", "/feed").backlog());
        }
    }

    @Test
    void trafficIsTheSameWhetherItsConnectionsHaveEndedOrNot() throws IOException {
        try (WebSocketServer server = WebSocketServer.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .extensions(Extensions.none())
                .loops(2)
                .route("/ws", upgrade -> upgrade.accept(new Echo()))
                .start()) {
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                RawClient client = new RawClient(server);
                client.send(RawClient.upgrade("/ws", ""));
                client.head();
                client.send(Frame.text("0123456789"));
                client.frame();
                clients.add(client);
            }
            TrafficCounters expected = new TrafficCounters(10, 160, 10, 120);
            assertEquals(expected, of(server.metrics(), "UPGRADE", "/ws").traffic());
            TrafficCounters last = expected;
            for (RawClient client : clients) {
                client.close();
                TrafficCounters now = of(server.metrics(), "UPGRADE", "/ws").traffic();
                assertTrue(now.bytesReceived() >= last.bytesReceived(), "counters never become smaller");
                last = now;
            }
            long end = System.nanoTime() + 60_000_000_000L;
            while (of(server.metrics(), "UPGRADE", "/ws").lost() < 10 && System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            RouteMetrics route = of(server.metrics(), "UPGRADE", "/ws");
            assertEquals(10, route.lost());
            assertEquals(0, route.open());
            assertEquals(10, route.traffic().messagesReceived());
            assertEquals(160, route.traffic().bytesReceived());
            assertEquals(0, server.metrics().connections());
        }
    }
}
