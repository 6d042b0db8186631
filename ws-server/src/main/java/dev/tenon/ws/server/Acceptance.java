package dev.tenon.ws.server;

import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.handshake.Headers;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint's answer to a request that it accepts. Immutable as far as the listener is.
 *
 * @param listener is told what happens on the connection
 * @param subprotocol one of those that the client offers, the empty string for none, or null for the first of the
 *     client's that the {@linkplain WebSocketServer.Builder#subprotocols server} supports
 * @param headers more headers for the 101 answer, such as {@code Set-Cookie}
 * @param executor where the listener is called, as {@link WebSocketServer.Builder#listenerExecutor} says; null for where
 *     the server's listeners are
 */
public record Acceptance(
        WebSocketListener listener,
        @Nullable String subprotocol,
        Headers headers,
        @Nullable Executor executor) {
    /**
     * Accepts, with whatever subprotocol the server chooses.
     *
     * @param listener is told what happens on the connection
     * @return the answer
     */
    public static Acceptance of(WebSocketListener listener) {
        return new Acceptance(listener, null, Headers.empty(), null);
    }

    /**
     * The same, with the listener called on an executor.
     *
     * @param executor where it is called, as {@link WebSocketServer.Builder#listenerExecutor} says;
     *     {@code Runnable::run} for on the event loop, whatever the server's is
     * @return the new answer
     */
    public Acceptance calledOn(Executor executor) {
        return new Acceptance(listener, subprotocol, headers, executor);
    }
}
