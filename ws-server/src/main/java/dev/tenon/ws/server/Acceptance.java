package dev.tenon.ws.server;

import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.handshake.Headers;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint's answer to a request that it accepts. Immutable as far as the listener is.
 *
 * @param listener is told what happens on the connection
 * @param subprotocol one of those that the client offers, the empty string for none, or null for the first of the
 *     client's that the {@linkplain WebSocketServer.Builder#subprotocols server} supports
 * @param headers more headers for the 101 answer, such as {@code Set-Cookie}
 */
public record Acceptance(
        WebSocketListener listener, @Nullable String subprotocol, Headers headers) {
    /**
     * Accepts, with whatever subprotocol the server chooses.
     *
     * @param listener is told what happens on the connection
     * @return the answer
     */
    public static Acceptance of(WebSocketListener listener) {
        return new Acceptance(listener, null, Headers.empty());
    }
}
