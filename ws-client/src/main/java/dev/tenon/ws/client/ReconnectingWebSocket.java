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
 * One connection after the other, as a {@link ReconnectPolicy} says, until it is closed or gives up. The first connect is
 * under the same policy as those that follow.
 *
 * <p>What was sent belongs to the connection that it was sent on. If that is lost, whatever its peer has not received is
 * lost with it, and what it has received cannot be told from that: nothing is sent again, and nothing is kept for the next
 * connection. An application that needs more has to number messages and have them acknowledged, and can begin anew in
 * {@code onOpen}. A {@code WebSocket} of an earlier connection refuses what is sent on it.
 *
 * <p>Thread-safe.
 */
public final class ReconnectingWebSocket implements AutoCloseable {
    /** What it does. */
    public enum State {
        /** A connect is under way. */
        CONNECTING,
        /** There is a connection. */
        OPEN,
        /** There is no connection, and the next connect waits for its time. */
        WAITING,
        /** There is no connection, and there will be none. */
        ENDED
    }

    private final Reconnector reconnector;

    private ReconnectingWebSocket(
            WebSocketClient client, RequestSupplier requests, ReconnectPolicy policy, ReconnectListener listener) {
        reconnector = new Reconnector(this, client, requests, policy, listener);
    }

    /**
     * Begins to connect, with the same request each time.
     *
     * @param client connects; closing it ends this too
     * @param request where to, and what to ask for, each time
     * @param policy when to connect again
     * @param listener is told what happens
     * @return what closes it
     * @throws IllegalArgumentException as {@link WebSocketClient#connect(ConnectRequest, WebSocketListener)} says
     */
    public static ReconnectingWebSocket start(
            WebSocketClient client, ConnectRequest request, ReconnectPolicy policy, ReconnectListener listener) {
        WebSocketClient.check(request);
        return start(client, new Reconnector.FixedRequest(request), policy, listener);
    }

    /**
     * Begins to connect, with a request that is made anew each time.
     *
     * @param client connects; closing it ends this too
     * @param requests where to, and what to ask for: called before each connect, and may fetch a token
     * @param policy when to connect again
     * @param listener is told what happens
     * @return what closes it
     */
    public static ReconnectingWebSocket start(
            WebSocketClient client, RequestSupplier requests, ReconnectPolicy policy, ReconnectListener listener) {
        requireNonNull(listener);
        ReconnectingWebSocket reconnecting = new ReconnectingWebSocket(client, requests, policy, listener);
        reconnecting.reconnector.start();
        return reconnecting;
    }

    /**
     * What it does.
     *
     * @return the state; it may have changed by the time it is looked at
     */
    public State state() {
        return reconnector.state();
    }

    /**
     * The connection.
     *
     * @return the open one, if there is one
     */
    public Optional<WebSocket> webSocket() {
        return Optional.ofNullable(reconnector.webSocket());
    }

    /**
     * When it has ended.
     *
     * @return completes, on the event loop, when there is no connection and will be none: with null after
     *     {@link #close()} or the end of the client, else with what it has given up at; fails with what the policy or the
     *     listener has thrown, or with an {@link IOException} if the client was closed before it began
     */
    public CompletionStage<@Nullable Disconnect> whenEnded() {
        return reconnector.ended().minimalCompletionStage();
    }

    /** Makes no further attempt, gives up what is under way, and closes an open connection with 1000. Does not wait. */
    @Override
    public void close() {
        close(CloseCode.NORMAL_CLOSURE, "");
    }

    /**
     * Makes no further attempt, gives up what is under way, and closes an open connection. Does not wait. Does nothing the
     * second time.
     *
     * @param code as for {@link WebSocket#close(CloseCode, String)}
     * @param reason at most 123 bytes in UTF-8
     * @throws IllegalArgumentException if the code must not be sent, or the reason is too long or not well-formed
     */
    public void close(CloseCode code, String reason) {
        reconnector.close(new ClosePayload(code, reason));
    }
}
