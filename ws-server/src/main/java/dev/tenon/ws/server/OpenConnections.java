package dev.tenon.ws.server;

import dev.tenon.ws.connection.WebSocket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/** The open WebSockets of hosted routes, each with the meter of its route. Thread-safe. */
final class OpenConnections {
    private final Map<WebSocket, RouteMeter> open = new ConcurrentHashMap<>();

    /** Counts a connection from now on until it ends. */
    void add(WebSocket webSocket, RouteMeter meter) {
        meter.opened();
        open.put(webSocket, meter);
        webSocket.whenClosed().thenAccept(event -> {
            open.remove(webSocket); // before its traffic counts as ended, so that no snapshot has it twice
            meter.closed(webSocket, event);
        });
    }

    void forEach(BiConsumer<WebSocket, RouteMeter> action) {
        open.forEach(action);
    }
}
