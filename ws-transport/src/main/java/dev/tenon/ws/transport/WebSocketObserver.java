package dev.tenon.ws.transport;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.WebSocket;

/**
 * Receives the end of connections, for example to count those of a route. Called on any loop, so it must be
 * thread-safe.
 */
@FunctionalInterface
public interface WebSocketObserver {
    /**
     * A connection has ended.
     *
     * @param webSocket the connection
     * @param event the reason
     */
    void closed(WebSocket webSocket, CloseEvent event);
}
