package dev.tenon.ws.client;

import dev.tenon.ws.connection.WebSocketListener;
import java.time.Duration;

/**
 * What happens on connection after connection of a {@link ReconnectingWebSocket}. May be a
 * {@link dev.tenon.ws.connection.StreamingListener} too.
 *
 * <p>Call grammar, where {@code connection} stands for the calls of a {@link WebSocketListener}, from {@code onOpen} to
 * {@code onClose}, each time with a {@code WebSocket} of its own: {@code connection? (onReconnect connection?)* onGivenUp?}.
 * Calls never overlap, and come where those of listeners do: on an event loop, or on the client's
 * {@linkplain ConnectSettings#listenerExecutor executor}. {@link #initialDemand} is read for each connection.
 *
 * <p>An exception that leaves one of the methods here ends the reconnecting:
 * {@link ReconnectingWebSocket#whenEnded()} fails with it.
 */
public interface ReconnectListener extends WebSocketListener {
    /**
     * There is no connection, and another attempt will be made.
     *
     * @param reconnecting makes it; {@link ReconnectingWebSocket#close()} prevents it
     * @param disconnect what happened
     * @param delay how long it will wait, from when this returns
     */
    default void onReconnect(ReconnectingWebSocket reconnecting, Disconnect disconnect, Duration delay) {}

    /**
     * There is no connection, and no attempt will be made any more: the last call. Does not come after
     * {@link ReconnectingWebSocket#close()}.
     *
     * @param reconnecting has given up
     * @param disconnect what happened last
     */
    default void onGivenUp(ReconnectingWebSocket reconnecting, Disconnect disconnect) {}
}
