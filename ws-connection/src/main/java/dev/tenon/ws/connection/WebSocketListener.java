package dev.tenon.ws.connection;

import java.nio.ByteBuffer;

/**
 * Receives the events of one connection, with one call per message. To receive pieces as they arrive, implement {@link
 * StreamingListener}.
 *
 * <p>Call grammar: {@code onOpen (onText | onBinary | onPing | onPong | onWritable | onError)* onClose}. Calls for one
 * connection never overlap. {@code onClose} is called exactly once in every case.
 *
 * <p>These methods may throw any exception, checked or unchecked. An exception of any method except {@code onClose} and
 * {@code onError} ends the connection with 1011. {@link #onError} receives it as the cause of a {@link
 * ListenerException}. This is also the {@linkplain CloseEvent#cause() cause} of the close event, unless the connection
 * was over already. Messages that the application has not requested yet are dropped then.
 *
 * <p>The listener borrows its buffers: their content may change as soon as the call has returned. This also holds if
 * the listener is called on an executor.
 */
public interface WebSocketListener {
    /**
     * The connection is open: the application can send messages from now on.
     *
     * @param webSocket the connection
     * @throws Exception to end the connection with 1011
     */
    default void onOpen(WebSocket webSocket) throws Exception {}

    /**
     * A whole text message has arrived.
     *
     * @param webSocket the connection
     * @param text the message
     * @throws Exception to end the connection with 1011
     */
    default void onText(WebSocket webSocket, String text) throws Exception {}

    /**
     * A whole binary message has arrived.
     *
     * @param webSocket the connection
     * @param data the message, from position to limit; borrowed until this returns
     * @throws Exception to end the connection with 1011
     */
    default void onBinary(WebSocket webSocket, ByteBuffer data) throws Exception {}

    /**
     * A ping has arrived. The connection answers it, so the application need not do anything.
     *
     * @param webSocket the connection
     * @param payload 0 to 125 bytes, from position to limit; borrowed until this returns
     * @throws Exception to end the connection with 1011
     */
    default void onPing(WebSocket webSocket, ByteBuffer payload) throws Exception {}

    /**
     * A pong has arrived: an answer to a ping of the application, or an unsolicited pong. Pongs that answer keepalive
     * pings are not reported.
     *
     * @param webSocket the connection
     * @param payload 0 to 125 bytes, from position to limit; borrowed until this returns
     * @throws Exception to end the connection with 1011
     */
    default void onPong(WebSocket webSocket, ByteBuffer payload) throws Exception {}

    /**
     * There is room to send again. Called after a send has returned {@link SendResult#CONGESTED} or {@link
     * SendResult#REFUSED}, or {@link WebSocket#isWritable()} has returned false.
     *
     * @param webSocket the connection
     * @throws Exception to end the connection with 1011
     */
    default void onWritable(WebSocket webSocket) throws Exception {}

    /**
     * The connection has failed. {@link #onClose} follows. Messages that arrived earlier may be delivered before that.
     *
     * @param webSocket the connection
     * @param error the reason: a {@link dev.tenon.ws.frame.ProtocolException} if the peer broke the protocol, an {@link
     *     java.io.IOException} if the transport failed or a deadline has passed, a {@link ListenerException} if another
     *     method of this listener has thrown, or the exception of an extension
     * @throws Exception is added to the error as a suppressed exception
     */
    default void onError(WebSocket webSocket, Throwable error) throws Exception {}

    /**
     * The connection is over. This is the last call. Messages that arrived before the end and have not been requested
     * yet are delivered first. If the application has closed or aborted the connection, these messages are dropped.
     *
     * @param webSocket the connection
     * @param event how it ended
     * @throws Exception is logged, or goes to the executor
     */
    default void onClose(WebSocket webSocket, CloseEvent event) throws Exception {}

    /**
     * Returns how many messages may be delivered before the application calls {@linkplain WebSocket#request request}.
     * Called once, before {@link #onOpen}.
     *
     * @return 0 or more, otherwise the connection does not open; {@link Long#MAX_VALUE}, the default, for an
     *     application that is always ready
     */
    default long initialDemand() {
        return Long.MAX_VALUE;
    }
}
