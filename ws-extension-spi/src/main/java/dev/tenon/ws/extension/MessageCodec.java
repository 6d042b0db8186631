package dev.tenon.ws.extension;

import dev.tenon.ws.frame.MessageViolation;
import dev.tenon.ws.frame.ProtocolException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Encodes and decodes the whole messages of one connection: the part of a message-wise extension that its author writes.
 * A {@link MessageExtensionProvider} negotiates it and does the rest.
 *
 * <pre>{@code
 * outbound   [TEXT: ab] [PING] [CONTINUATION FIN: c]  ->  [PING] [RSV1 TEXT FIN: encode("abc")]
 * inbound    [RSV1 TEXT: x] [CONTINUATION FIN: yz]    ->  [TEXT FIN: decode("xyz")]
 * }</pre>
 *
 * <p>Used by one thread at a time. A codec that remembers earlier messages keeps one memory for each direction.
 */
public interface MessageCodec extends AutoCloseable {
    /**
     * Encodes a message to send.
     *
     * @param message the whole message, from position to limit; borrowed until this returns, read-only where the
     *     application has only lent it
     * @param mode what the application asks for this message. One that compresses returns null for {@link
     *     SendMode#UNCOMPRESSED}
     * @return the encoded message: {@code message} itself, changed in place where it is not read-only, or a buffer of this
     *     codec's own, which it may use again for the next message; null to send the message as it is, without the RSV bit
     */
    @Nullable
    ByteBuffer encode(ByteBuffer message, SendMode mode);

    /**
     * Decodes a message that the peer has encoded.
     *
     * @param message the whole encoded message, from position to limit; borrowed until this returns, and may be changed
     * @param maxLength the longest message that this end takes, in bytes. A codec whose output may be longer than its input
     *     throws {@link #tooLong()} before it holds more
     * @return the message: {@code message} itself or a buffer of this codec's own
     * @throws ProtocolException 1007 or 1002 if it was not encoded as agreed, 1009 if it is too long
     */
    ByteBuffer decode(ByteBuffer message, long maxLength);

    /**
     * Tells which connections would send the same bytes for the same message, see {@link Extension#sharingKey()}.
     *
     * @return a constant of the author's choice where {@link #encode} depends on nothing but the message; empty, as by
     *     default, where every connection encodes for itself
     */
    default Optional<Object> sharingKey() {
        return Optional.empty();
    }

    /** Forgets earlier outbound messages, see {@link Extension#forgetOutbound()}. Nothing by default. */
    default void forgetOutbound() {}

    /**
     * Gives back all that the codec holds beside the heap. Called once, at the end of the connection, never while {@link
     * #encode} or {@link #decode} runs or what they have returned is in use. Nothing by default.
     */
    @Override
    default void close() {}

    /**
     * The failure of a message that is longer than this end takes.
     *
     * @return a new exception with 1009, to be thrown
     */
    static ProtocolException tooLong() {
        return MessageViolation.MESSAGE_TOO_LONG.toException();
    }
}
