package dev.tenon.ws.connection;

/**
 * Receives the events of one connection, with one call per value. {@link Codec#listener} turns it into a listener for a
 * transport. The calls, their order and the effect of an exception are the same as for a {@link WebSocketListener}.
 * Pings and pongs are not reported.
 *
 * @param <T> the type of the values
 */
@FunctionalInterface
public interface TypedListener<T> {
    /**
     * The connection is open: the application can send values from now on.
     *
     * @param peer the connection
     * @throws Exception to end the connection with 1011
     */
    default void onOpen(TypedWebSocket<T> peer) throws Exception {}

    /**
     * A value has arrived.
     *
     * @param peer the connection
     * @param value the value
     * @throws Exception to end the connection with 1011
     */
    void onMessage(TypedWebSocket<T> peer, T value) throws Exception;

    /**
     * A message has arrived that the codec cannot decode. By default this method closes the connection with the
     * {@linkplain CodecException#closeCode() code of the failure}. The listener still receives the values that arrive
     * before the peer learns of the close. A message that cannot be decoded counts as one of the requested values.
     *
     * @param peer the connection
     * @param failure the exception that says why the message cannot be decoded
     * @throws Exception to end the connection with 1011
     */
    default void onInvalid(TypedWebSocket<T> peer, CodecException failure) throws Exception {
        peer.webSocket().close(failure.closeCode(), "");
    }

    /**
     * There is room to send again; see {@link WebSocketListener#onWritable}.
     *
     * @param peer the connection
     * @throws Exception to end the connection with 1011
     */
    default void onWritable(TypedWebSocket<T> peer) throws Exception {}

    /**
     * The connection has failed; see {@link WebSocketListener#onError}.
     *
     * @param peer the connection
     * @param error the reason
     * @throws Exception is added to the error as a suppressed exception
     */
    default void onError(TypedWebSocket<T> peer, Throwable error) throws Exception {}

    /**
     * The connection is over; see {@link WebSocketListener#onClose}.
     *
     * @param peer the connection
     * @param event how it ended
     * @throws Exception goes to the transport
     */
    default void onClose(TypedWebSocket<T> peer, CloseEvent event) throws Exception {}

    /**
     * Returns how many values may be delivered before the application requests more; see {@link
     * WebSocketListener#initialDemand}.
     *
     * @return 0 or more
     */
    default long initialDemand() {
        return Long.MAX_VALUE;
    }
}
