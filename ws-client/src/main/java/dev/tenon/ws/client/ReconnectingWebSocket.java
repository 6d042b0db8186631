package dev.tenon.ws.client;

import static java.util.Objects.requireNonNull;

import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.ClosePayload;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a connection open: it connects again after each disconnect by a {@link ReconnectPolicy}, until it is closed or
 * gives up. The policy applies to the first connect too.
 *
 * <p>A message that is sent on a {@code WebSocket} belongs to its connection. If that is lost, messages that the peer has
 * not received are lost too, and this end cannot know which. A {@code WebSocket} of an earlier connection rejects
 * messages. An {@link Outbox} keeps messages until they have left. What has left may still be lost: an application that
 * needs more must number and acknowledge its messages, and resume in {@code onOpen}.
 *
 * <p>Thread-safe.
 */
public final class ReconnectingWebSocket implements AutoCloseable {
    /** The state of a reconnecting connection. */
    public enum State {
        /** A connect is running. */
        CONNECTING,
        /** A connection is open. */
        OPEN,
        /** No connection is open; the next connect waits for its delay. */
        WAITING,
        /** No connection is open, and no connect follows. */
        ENDED
    }

    private final Reconnector reconnector;

    private ReconnectingWebSocket(
            WebSocketClient client,
            RequestSupplier requests,
            ReconnectPolicy policy,
            ReconnectListener listener,
            Outbox outbox) {
        reconnector = new Reconnector(this, client, requests, policy, listener, outbox);
    }

    /**
     * Begins to connect, with the same request each time. Calls its {@linkplain ConnectRequest#with options} once to
     * check them, and again before each connect.
     *
     * @param client connects; closing it ends this too
     * @param request the request
     * @param policy when to connect again
     * @param listener receives the events
     * @return the reconnecting connection
     * @throws IllegalArgumentException as {@link WebSocketClient#connect(ConnectRequest, WebSocketListener)} says. An
     *     exception of the options is thrown as it is
     */
    public static ReconnectingWebSocket start(
            WebSocketClient client, ConnectRequest request, ReconnectPolicy policy, ReconnectListener listener) {
        PreparedRequest prepared = PreparedRequest.of(request, client.context().defaults());
        RequestSupplier same = request.hasOptions() ? last -> request : new RequestSource.FixedRequest(prepared);
        return start(client, same, policy, listener);
    }

    /**
     * Begins to connect, with a new request each time.
     *
     * @param client connects; closing it ends this too
     * @param requests creates the request before each connect, for example with a new access token
     * @param policy when to connect again
     * @param listener receives the events
     * @return the reconnecting connection
     */
    public static ReconnectingWebSocket start(
            WebSocketClient client, RequestSupplier requests, ReconnectPolicy policy, ReconnectListener listener) {
        return start(client, requests, policy, listener, Outbox.of(Outbox.OnLoss.FAIL));
    }

    /**
     * Begins to connect, with a new request each time, and sends the messages of an outbox on each connection.
     *
     * @param client connects; closing it ends this too
     * @param requests creates the request before each connect; {@code last -> request} if it is always the same
     * @param policy when to connect again
     * @param listener receives the events
     * @param outbox keeps messages until they have left; when the reconnecting ends, what it keeps fails
     * @return the reconnecting connection
     * @throws IllegalStateException if the outbox belongs to another one
     */
    public static ReconnectingWebSocket start(
            WebSocketClient client,
            RequestSupplier requests,
            ReconnectPolicy policy,
            ReconnectListener listener,
            Outbox outbox) {
        requireNonNull(listener);
        outbox.start();
        ReconnectingWebSocket reconnecting = new ReconnectingWebSocket(client, requests, policy, listener, outbox);
        reconnecting.reconnector.start();
        return reconnecting;
    }

    /**
     * Returns the current state.
     *
     * @return the state, which may change at any time
     */
    public State state() {
        return reconnector.state();
    }

    /**
     * Returns the connection.
     *
     * @return the open one, if there is one
     */
    public Optional<WebSocket> webSocket() {
        return Optional.ofNullable(reconnector.webSocket());
    }

    /**
     * Returns a stage that completes when no connect follows any more.
     *
     * @return completes on the event loop when no connect follows any more: with null after {@link #close()} or the end
     *     of the client, otherwise with the last disconnect; fails with an exception of the policy or the listener, or
     *     with an {@link IOException} if the client was closed before the start, or its event loop has failed
     */
    public CompletionStage<@Nullable Disconnect> whenEnded() {
        return reconnector.ended().minimalCompletionStage();
    }

    /**
     * Makes no further attempt, cancels a running connect, and closes an open connection with 1000. Does not wait. Messages
     * of the {@link Outbox} that were not handed to the connection fail.
     */
    @Override
    public void close() {
        close(CloseCode.NORMAL_CLOSURE, "");
    }

    /**
     * Makes no further attempt, cancels a running connect, and closes an open connection. Does not wait. Does nothing
     * the second time.
     *
     * @param code as for {@link WebSocket#close(CloseCode, String)}
     * @param reason at most 123 bytes in UTF-8
     * @throws IllegalArgumentException if the code must not be sent, or the reason is too long or not well-formed
     */
    public void close(CloseCode code, String reason) {
        reconnector.close(new ClosePayload(code, reason));
    }
}
