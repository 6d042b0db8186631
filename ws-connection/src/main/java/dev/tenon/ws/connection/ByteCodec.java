package dev.tenon.ws.connection;

import dev.tenon.ws.frame.CloseCode;
import java.nio.ByteBuffer;

/**
 * A codec for messages of one type.
 *
 * @param type the type
 * @param write converts a value to a message
 * @param read converts the bytes of a message to a value
 * @param <T> the type of the values
 */
record ByteCodec<T>(
        MessageType type, Codec.Conversion<? super T, Message> write, Codec.Conversion<byte[], ? extends T> read)
        implements Codec<T> {
    @Override
    public Message encode(T value) throws Exception {
        return write.convert(value);
    }

    @Override
    public T decode(MessageType received, ByteBuffer bytes) throws Exception {
        if (received != type) {
            throw new CodecException(
                    CloseCode.UNSUPPORTED_DATA,
                    "a message of type " + received + ", where " + type + " is expected",
                    null);
        }
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return read.convert(copy);
    }
}
