package dev.tenon.ws.transport;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.WebSocket;

/** Is told the end of connections, to count them: of all connections of a route, for instance. Safe from any loop. */
@FunctionalInterface
public interface WebSocketObserver {
    /**
     * A connection has ended.
     *
     * @param webSocket the connection
     * @param event how
     */
    void closed(WebSocket webSocket, CloseEvent event);
}
