package dev.tenon.ws.connection;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;

/**
 * Makes messages of values and values of messages, by whatever library the application has for that.
 *
 * <pre>{@code
 * Codec<Order> json = Codec.text(mapper::writeValueAsString, text -> mapper.readValue(text, Order.class));
 * server.route("/orders", upgrade -> upgrade.accept(json.listener((peer, order) -> peer.send(priced(order)))));
 * }</pre>
 *
 * <p>What a codec throws becomes a {@link CodecException}: for the caller who sends, for {@link TypedListener#onInvalid} when
 * something was received. It is called on any thread that sends, and where the listener is called.
 *
 * @param <T> the type of the values
 */
public interface Codec<T> {
    /**
     * Makes a message of a value.
     *
     * @param value the value
     * @return the message
     * @throws Exception if the value has no message
     */
    Message encode(T value) throws Exception;

    /**
     * Makes a value of a message.
     *
     * @param type text or binary
     * @param bytes the message, from position to limit, well-formed UTF-8 if it is text; borrowed until this returns
     * @return the value
     * @throws Exception if the message has no value; a {@link CodecException} says with which code the connection should be
     *     closed
     */
    T decode(MessageType type, ByteBuffer bytes) throws Exception;

    /**
     * A function that may throw.
     *
     * @param <A> what it takes
     * @param <B> what it returns
     */
    @FunctionalInterface
    interface Conversion<A, B> {
        /**
         * Converts.
         *
         * @param from the value
         * @return what becomes of it
         * @throws Exception if it cannot be converted
         */
        B convert(A from) throws Exception;
    }

    /**
     * Values as text messages, by way of strings.
     *
     * @param write makes text of a value
     * @param read makes a value of text
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
     * Values as text messages, by way of bytes in UTF-8.
     *
     * @param write makes UTF-8 of a value, well-formed
     * @param read makes a value of UTF-8
     * @param <T> the type of the values
     * @return the codec; binary messages are invalid (1003)
     */
    static <T> Codec<T> utf8(Conversion<? super T, byte[]> write, Conversion<byte[], ? extends T> read) {
        return new ByteCodec<>(MessageType.TEXT, value -> Message.text(ByteBuffer.wrap(write.convert(value))), read);
    }

    /**
     * Values as binary messages.
     *
     * @param write makes bytes of a value
     * @param read makes a value of bytes
     * @param <T> the type of the values
     * @return the codec; text messages are invalid (1003)
     */
    static <T> Codec<T> binary(Conversion<? super T, byte[]> write, Conversion<byte[], ? extends T> read) {
        return new ByteCodec<>(
                MessageType.BINARY, value -> Message.binary(ByteBuffer.wrap(write.convert(value))), read);
    }

    /**
     * A listener for a connection that hands on values.
     *
     * @param listener takes the values
     * @return a listener to be given to a transport
     */
    default WebSocketListener listener(TypedListener<T> listener) {
        return new CodecListener<>(this, listener);
    }

    /**
     * A connection to send values on.
     *
     * @param webSocket the connection
     * @return the same connection for values
     */
    default TypedWebSocket<T> on(WebSocket webSocket) {
        return new TypedWebSocket<>(webSocket, this);
    }
}
