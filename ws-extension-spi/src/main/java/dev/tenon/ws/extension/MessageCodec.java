package dev.tenon.ws.extension;

import dev.tenon.ws.frame.MessageViolation;
import dev.tenon.ws.frame.ProtocolException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Encodes and decodes whole messages of one connection. The author of an extension that works on messages writes a
 * codec; a {@link MessageExtensionProvider} does the rest.
 *
 * <pre>{@code
 * outbound   [TEXT: ab] [PING] [CONTINUATION FIN: c]  ->  [PING] [RSV1 TEXT FIN: encode("abc")]
 * inbound    [RSV1 TEXT: x] [CONTINUATION FIN: yz]    ->  [TEXT FIN: decode("xyz")]
 * }</pre>
 *
 * <p>Used by one thread at a time. A codec that remembers earlier messages needs separate state for each direction.
 */
public interface MessageCodec extends AutoCloseable {
    /**
     * Encodes a message to send.
     *
     * @param message the whole message, from position to limit; borrowed until this returns; read-only if the
     *     application still owns it
     * @param mode how the application wants this message sent. A codec that compresses returns null for {@link
     *     SendMode#UNCOMPRESSED}
     * @return the encoded message: {@code message} itself, changed in place if it is not read-only, or a buffer of the
     *     codec, which it may reuse for the next message; null to send the message as it is, without the RSV bit
     */
    @Nullable
    ByteBuffer encode(ByteBuffer message, SendMode mode);

    /**
     * Decodes a message that the peer has encoded.
     *
     * @param message the whole encoded message, from position to limit; borrowed until this returns, and may be changed
     * @param maxLength the longest message that this end accepts, in bytes. A codec whose output may be longer than its
     *     input throws {@link #tooLong()} before it allocates more
     * @return the message: {@code message} itself or a buffer of the codec
     * @throws ProtocolException 1007 or 1002 if the message is not encoded as agreed, 1009 if it is too long
     */
    ByteBuffer decode(ByteBuffer message, long maxLength);

    /**
     * Says which connections send the same bytes for the same message, see {@link Extension#sharingKey()}.
     *
     * @return any constant if {@link #encode} depends on nothing but the message; empty (the default) if every
     *     connection must encode for itself
     */
    default Optional<Object> sharingKey() {
        return Optional.empty();
    }

    /** Forgets earlier outbound messages, see {@link Extension#forgetOutbound()}. Does nothing by default. */
    default void forgetOutbound() {}

    /**
     * Frees resources outside the heap. Called once, at the end of the connection, never while {@link #encode} or
     * {@link #decode} runs or their output is in use. Does nothing by default.
     */
    @Override
    default void close() {}

    /**
     * The exception for a message that is longer than this end accepts.
     *
     * @return a new exception with 1009, to be thrown
     */
    static ProtocolException tooLong() {
        return MessageViolation.MESSAGE_TOO_LONG.toException();
    }
}
