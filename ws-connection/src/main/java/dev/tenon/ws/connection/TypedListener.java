package dev.tenon.ws.connection;

/**
 * What happens on one connection, value by value; made a listener for a transport by {@link Codec#listener}. The calls, their
 * order and what an exception does are those of a {@link WebSocketListener}. Pings and pongs are not told.
 *
 * @param <T> the type of the values
 */
@FunctionalInterface
public interface TypedListener<T> {
    /**
     * The connection is open: values may be sent from here on.
     *
     * @param peer the connection
     * @throws Exception to end the connection with 1011
     */
    default void onOpen(TypedWebSocket<T> peer) throws Exception {}

    /**
     * A value has come.
     *
     * @param peer the connection
     * @param value the value
     * @throws Exception to end the connection with 1011
     */
    void onMessage(TypedWebSocket<T> peer, T value) throws Exception;

    /**
     * A message has come that the codec cannot decode. Closes the connection with the {@linkplain CodecException#closeCode()
     * code of the failure}, unless this method is overridden to answer otherwise: values that come before the peer
     * has learned of that are still told. The failure counts as asked for.
     *
     * @param peer the connection
     * @param failure what the codec has thrown
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
     * The connection fails; see {@link WebSocketListener#onError}.
     *
     * @param peer the connection
     * @param error why
     * @throws Exception to be kept beside the error
     */
    default void onError(TypedWebSocket<T> peer, Throwable error) throws Exception {}

    /**
     * The connection is over; see {@link WebSocketListener#onClose}.
     *
     * @param peer the connection
     * @param event how it ended
     * @throws Exception to be told to the transport
     */
    default void onClose(TypedWebSocket<T> peer, CloseEvent event) throws Exception {}

    /**
     * How many values may come before the application has asked for any; see {@link WebSocketListener#initialDemand}.
     *
     * @return 0 or more
     */
    default long initialDemand() {
        return Long.MAX_VALUE;
    }
}
