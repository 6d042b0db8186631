package dev.tenon.ws.connection;

import java.nio.ByteBuffer;

/**
 * What happens on one connection, message by message. For pieces as they arrive, implement {@link StreamingListener}.
 *
 * <p>Call grammar: {@code onOpen (onText | onBinary | onPing | onPong | onWritable | onError)* onClose}. Calls for one
 * connection never overlap. {@code onClose} comes exactly once, whatever happened.
 *
 * <p>An exception that leaves any of these but {@code onClose} ends the connection with 1011; it is handed to
 * {@link #onError} and, unless the connection was over already, is the {@linkplain CloseEvent#cause() cause} of the
 * close event. Messages that were not asked for yet are dropped then.
 */
public interface WebSocketListener {
    /**
     * The connection is open: messages may be sent from here on.
     *
     * @param webSocket the connection
     */
    default void onOpen(WebSocket webSocket) {}

    /**
     * A whole text message.
     *
     * @param webSocket the connection
     * @param text the message
     */
    default void onText(WebSocket webSocket, String text) {}

    /**
     * A whole binary message.
     *
     * @param webSocket the connection
     * @param data the message, from position to limit; borrowed until this returns
     */
    default void onBinary(WebSocket webSocket, ByteBuffer data) {}

    /**
     * A ping has come. It has been answered, or will be: there is nothing left to do.
     *
     * @param webSocket the connection
     * @param payload 0 to 125 bytes, from position to limit; borrowed until this returns
     */
    default void onPing(WebSocket webSocket, ByteBuffer payload) {}

    /**
     * A pong has come, asked for or not. Those that answer keepalive pings do not show here.
     *
     * @param webSocket the connection
     * @param payload 0 to 125 bytes, from position to limit; borrowed until this returns
     */
    default void onPong(WebSocket webSocket, ByteBuffer payload) {}

    /**
     * After {@link SendResult#CONGESTED} or {@link SendResult#REFUSED}: there is room again.
     *
     * @param webSocket the connection
     */
    default void onWritable(WebSocket webSocket) {}

    /**
     * Another method of this listener, or an extension, has thrown. The connection ends, with 1011 if that can still be
     * said.
     *
     * @param webSocket the connection
     * @param error what was thrown
     */
    default void onError(WebSocket webSocket, Throwable error) {}

    /**
     * The connection is over: the last call, and the only one of its kind.
     *
     * @param webSocket the connection
     * @param event how it ended
     */
    default void onClose(WebSocket webSocket, CloseEvent event) {}

    /**
     * How many messages may come before the application has {@linkplain WebSocket#request asked} for any. Read once,
     * before {@link #onOpen}.
     *
     * @return 0 or more; {@link Long#MAX_VALUE}, the default, for an application that is always ready
     */
    default long initialDemand() {
        return Long.MAX_VALUE;
    }
}
