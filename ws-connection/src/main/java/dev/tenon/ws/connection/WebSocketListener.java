package dev.tenon.ws.connection;

import java.nio.ByteBuffer;

/**
 * What happens on one connection, message by message. For pieces as they arrive, implement {@link StreamingListener}.
 *
 * <p>Call grammar: {@code onOpen (onText | onBinary | onPing | onPong | onWritable | onError)* onClose}. Calls for one
 * connection never overlap. {@code onClose} comes exactly once, whatever happened.
 *
 * <p>Any exception may leave these, checked or not. From any but {@code onClose} it ends the connection with 1011; it is handed to
 * {@link #onError} as the cause of a {@link ListenerException}, which, unless the connection was over already, is the
 * {@linkplain CloseEvent#cause() cause} of the close event. Messages that were not asked for yet are dropped then.
 *
 * <p>Buffers are lent: they may hold something else as soon as the call has returned, whether the listener is called on the
 * connection's thread or on an executor.
 */
public interface WebSocketListener {
    /**
     * The connection is open: messages may be sent from here on.
     *
     * @param webSocket the connection
     * @throws Exception to end the connection with 1011
     */
    default void onOpen(WebSocket webSocket) throws Exception {}

    /**
     * A whole text message.
     *
     * @param webSocket the connection
     * @param text the message
     * @throws Exception to end the connection with 1011
     */
    default void onText(WebSocket webSocket, String text) throws Exception {}

    /**
     * A whole binary message.
     *
     * @param webSocket the connection
     * @param data the message, from position to limit; borrowed until this returns
     * @throws Exception to end the connection with 1011
     */
    default void onBinary(WebSocket webSocket, ByteBuffer data) throws Exception {}

    /**
     * A ping has come. It has been answered, or will be: there is nothing left to do.
     *
     * @param webSocket the connection
     * @param payload 0 to 125 bytes, from position to limit; borrowed until this returns
     * @throws Exception to end the connection with 1011
     */
    default void onPing(WebSocket webSocket, ByteBuffer payload) throws Exception {}

    /**
     * A pong has come, asked for or not. Those that answer keepalive pings do not show here.
     *
     * @param webSocket the connection
     * @param payload 0 to 125 bytes, from position to limit; borrowed until this returns
     * @throws Exception to end the connection with 1011
     */
    default void onPong(WebSocket webSocket, ByteBuffer payload) throws Exception {}

    /**
     * After {@link SendResult#CONGESTED} or {@link SendResult#REFUSED}, or when {@link WebSocket#isWritable()} was false
     * after a send: there is room again.
     *
     * @param webSocket the connection
     * @throws Exception to end the connection with 1011
     */
    default void onWritable(WebSocket webSocket) throws Exception {}

    /**
     * The connection fails. {@link #onClose} follows, but messages that came before may be told in between.
     *
     * @param webSocket the connection
     * @param error why: a {@link dev.tenon.ws.frame.ProtocolException} if the peer broke the protocol, an
     *     {@link java.io.IOException} if the transport failed or a deadline has passed, a {@link ListenerException} if
     *     another method of this listener has thrown, or what an extension has thrown
     * @throws Exception which is added to the error as suppressed
     */
    default void onError(WebSocket webSocket, Throwable error) throws Exception {}

    /**
     * The connection is over: the last call, and the only one of its kind. It comes behind messages that came before the
     * end and were not asked for yet, unless the application has closed or aborted the connection: those are dropped then.
     *
     * @param webSocket the connection
     * @param event how it ended
     * @throws Exception which is logged, or handed to the executor
     */
    default void onClose(WebSocket webSocket, CloseEvent event) throws Exception {}

    /**
     * How many messages may come before the application has {@linkplain WebSocket#request asked} for any. Read once,
     * before {@link #onOpen}.
     *
     * @return 0 or more, else the connection does not open; {@link Long#MAX_VALUE}, the default, for an application that is
     *     always ready
     */
    default long initialDemand() {
        return Long.MAX_VALUE;
    }
}
