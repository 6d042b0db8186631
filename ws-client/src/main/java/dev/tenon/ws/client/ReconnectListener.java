package dev.tenon.ws.client;

import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Receives the events of all connections of a {@link ReconnectingWebSocket}. It may be a {@link
 * dev.tenon.ws.connection.StreamingListener} too.
 *
 * <p>Call grammar, where {@code connection} stands for the calls of a {@link WebSocketListener}, from {@code onOpen} to
 * {@code onClose}, each time with a {@code WebSocket} of its own:
 * {@code connection? (onReconnect connection?)* onGivenUp?}. Calls never overlap, and come on an event loop, or on the
 * client's {@linkplain ConnectSettings#listenerExecutor executor}. {@link #initialDemand} is read for each connection.
 *
 * <p>An exception of {@link #onReconnect} or {@link #onGivenUp} ends the reconnecting: {@link
 * ReconnectingWebSocket#whenEnded()} fails with it. An exception of {@link #whenReady} ends its connection, like one of
 * the methods of {@link WebSocketListener}, after which no other attempt follows by default ({@link
 * Disconnect#isTransient()}).
 */
public interface ReconnectListener extends WebSocketListener {
    /**
     * Returns when the messages of the {@link Outbox} may be sent on a connection, for a login whose answer must come
     * first. Called after {@link #onOpen}. What {@code onOpen} has sent leaves first in any case.
     *
     * @param webSocket the connection, which is open
     * @return a stage; by default it is complete. If it fails, the messages wait for the next connection
     */
    default CompletionStage<?> whenReady(WebSocket webSocket) {
        return CompletableFuture.completedStage(null);
    }

    /**
     * The connection has ended or a connect has failed, and another attempt follows.
     *
     * @param reconnecting makes the attempt; {@link ReconnectingWebSocket#close()} prevents it
     * @param disconnect the reason
     * @param delay the time until the attempt, counted from the return of this method
     */
    default void onReconnect(ReconnectingWebSocket reconnecting, Disconnect disconnect, Duration delay) {}

    /**
     * No further attempt follows. The last call; it does not come after {@link ReconnectingWebSocket#close()}.
     *
     * @param reconnecting has given up
     * @param disconnect the last reason
     */
    default void onGivenUp(ReconnectingWebSocket reconnecting, Disconnect disconnect) {}
}
