package dev.tenon.ws.connection;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;

/**
 * Converts values to messages and messages to values, with a library that the application chooses.
 *
 * <pre>{@code
 * Codec<Order> json = Codec.text(mapper::writeValueAsString, text -> mapper.readValue(text, Order.class));
 * server.route("/orders", upgrade -> upgrade.accept(json.listener((peer, order) -> peer.send(priced(order)))));
 * }</pre>
 *
 * <p>An exception of a codec becomes a {@link CodecException}. A sender gets it from the send method; a listener gets
 * it in {@link TypedListener#onInvalid}. The codec is called on every thread that sends, and where the listener is
 * called.
 *
 * @param <T> the type of the values
 */
public interface Codec<T> {
    /**
     * Converts a value to a message.
     *
     * @param value the value
     * @return the message
     * @throws Exception if the value cannot be encoded
     */
    Message encode(T value) throws Exception;

    /**
     * Converts a message to a value.
     *
     * @param type text or binary
     * @param bytes the message, from position to limit, well-formed UTF-8 if it is text; borrowed until this returns
     * @return the value
     * @throws Exception if the message cannot be decoded; a {@link CodecException} defines the close code for the
     *     connection
     */
    T decode(MessageType type, ByteBuffer bytes) throws Exception;

    /**
     * A function that may throw an exception.
     *
     * @param <A> the type of the argument
     * @param <B> the type of the result
     */
    @FunctionalInterface
    interface Conversion<A, B> {
        /**
         * Converts a value.
         *
         * @param from the value
         * @return the result
         * @throws Exception if the value cannot be converted
         */
        B convert(A from) throws Exception;
    }

    /**
     * Returns a codec for text messages that converts values to and from strings.
     *
     * @param write converts a value to text
     * @param read converts text to a value
     * @param <T> the type of the values
     * @return the codec; binary messages are invalid (1003)
     */
    static <T> Codec<T> text(Conversion<? super T, String> write, Conversion<String, ? extends T> read) {
        return new ByteCodec<>(
                MessageType.TEXT,
                value -> Message.text(write.convert(value)),
                bytes -> read.convert(new String(bytes, UTF_8)));
    }

    /**
     * Returns a codec for text messages that converts values to and from UTF-8 bytes.
     *
     * @param write converts a value to well-formed UTF-8
     * @param read converts UTF-8 to a value
     * @param <T> the type of the values
     * @return the codec; binary messages are invalid (1003)
     */
    static <T> Codec<T> utf8(Conversion<? super T, byte[]> write, Conversion<byte[], ? extends T> read) {
        return new ByteCodec<>(MessageType.TEXT, value -> Message.text(ByteBuffer.wrap(write.convert(value))), read);
    }

    /**
     * Returns a codec for binary messages that converts values to and from bytes.
     *
     * @param write converts a value to bytes
     * @param read converts bytes to a value
     * @param <T> the type of the values
     * @return the codec; text messages are invalid (1003)
     */
    static <T> Codec<T> binary(Conversion<? super T, byte[]> write, Conversion<byte[], ? extends T> read) {
        return new ByteCodec<>(
                MessageType.BINARY, value -> Message.binary(ByteBuffer.wrap(write.convert(value))), read);
    }

    /**
     * Returns a listener for a connection that decodes messages and passes the values to a typed listener.
     *
     * @param listener receives the values
     * @return a listener for a transport
     */
    default WebSocketListener listener(TypedListener<T> listener) {
        return new CodecListener<>(this, listener);
    }

    /**
     * Returns a view of a connection for sending values.
     *
     * @param webSocket the connection
     * @return the view of the same connection
     */
    default TypedWebSocket<T> on(WebSocket webSocket) {
        return new TypedWebSocket<>(webSocket, this);
    }
}
