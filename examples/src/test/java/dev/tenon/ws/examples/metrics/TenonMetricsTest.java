package dev.tenon.ws.examples.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.server.MemoryClient;
import dev.tenon.ws.server.MemoryServer;
import dev.tenon.ws.server.WebSocketServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TenonMetricsTest {
    private static final class Echo implements WebSocketListener {
        @Override
        public void onText(WebSocket webSocket, String text) {
            webSocket.sendText(text);
        }
    }

    @Test
    void theRegistryShowsTheMetricsOfARoute() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (MemoryServer server = WebSocketServer.builder()
                .route(
                        "/rooms/{room}",
                        upgrade -> upgrade.queryParameter("token") == null
                                ? upgrade.refuse(401, "a token is missing")
                                : upgrade.accept(new Echo()))
                .get("/health", request -> HttpResponse.text(200, "ok"))
                .startInMemory()) {
            TenonMetrics metrics = new TenonMetrics(server::metrics);
            metrics.bindTo(registry);
            MemoryClient ann = server.connect("/rooms/oak?token=1");
            MemoryClient bob = server.connect("/rooms/oak?token=1");
            assertThrows(HandshakeException.class, () -> server.connect("/rooms/oak"));
            ann.sendText("hello");
            bob.close();
            server.get("/health");
            ann.stopReading();
            ann.sendText("again");
            metrics.refresh();
            assertEquals(1, gauge(registry, "tenon.route.open"));
            assertEquals(1, registry.get("tenon.connections").gauge().value());
            assertEquals(1, counter(registry, "tenon.route.refused"));
            assertEquals(1, counter(registry, "tenon.route.ended", "how", "cleanly"));
            assertEquals(0, counter(registry, "tenon.route.ended", "how", "lost"));
            assertEquals(2, counter(registry, "tenon.route.messages", "direction", "received"));
            assertTrue(counter(registry, "tenon.route.bytes", "direction", "sent") >= 14);
            assertEquals(7, gauge(registry, "tenon.route.backlog"));
            assertEquals(1, gauge(registry, "tenon.route.slow"));
            assertEquals(
                    3,
                    registry.get("tenon.route.responses")
                            .tags("route", "/rooms/{room}", "method", "UPGRADE")
                            .functionTimer()
                            .count());
            assertEquals(
                    1,
                    registry.get("tenon.route.responses")
                            .tags("route", "/health", "method", "GET")
                            .functionTimer()
                            .count());
            assertEquals(
                    0,
                    registry.get("tenon.route.responses.max")
                            .tags("route", "/health")
                            .timeGauge()
                            .value(TimeUnit.SECONDS));
            assertEquals(1, registry.get("tenon.refused").functionCounter().count());
        }
    }

    private static double gauge(SimpleMeterRegistry registry, String name) {
        return registry.get(name).tags("route", "/rooms/{room}").gauge().value();
    }

    private static double counter(SimpleMeterRegistry registry, String name, String... tags) {
        return registry.get(name)
                .tags("route", "/rooms/{room}")
                .tags(tags)
                .functionCounter()
                .count();
    }
}
