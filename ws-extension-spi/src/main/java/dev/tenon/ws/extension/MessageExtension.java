package dev.tenon.ws.extension;

import dev.tenon.ws.frame.FrameHandler;
import dev.tenon.ws.frame.FrameHeader;
import dev.tenon.ws.frame.MessageViolation;
import dev.tenon.ws.frame.ProtocolException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * An extension that makes another message of a whole message, marked by RSV bits of its own on the first frame: what most
 * extensions are. An author writes {@link #encode} and {@link #decode}; fragments, pieces, control frames in between, the
 * RSV bits of others, messages that are to stay as they are and the limits are dealt with here.
 *
 * <pre>{@code
 * outbound   [TEXT: ab] [PING] [CONTINUATION FIN: c]  ->  [PING] [RSV1 TEXT FIN: encode("abc")]
 * inbound    [RSV1 TEXT: x] [CONTINUATION FIN: yz]    ->  [TEXT FIN: decode("xyz")]
 * }</pre>
 *
 * <p>Its {@link NegotiatedExtension} says {@link NegotiatedExtension#fragmentable()} and {@link
 * NegotiatedExtension#reframes()}. A message that comes in pieces is held until its end, in both directions: an extension
 * that can do without that implements {@link Extension} itself. Used by one thread at a time.
 */
public abstract class MessageExtension implements Extension {
    private final int rsv;
    private final long maxEncodedLength;
    private final long maxMessageLength;
    private @Nullable MessageStage outbound;

    /**
     * An extension at work on one connection.
     *
     * @param negotiated what was agreed on: its RSV bits, at least one, mark a message that was encoded, and its {@link
     *     NegotiatedExtension#maxPayloadLength} is the most that is held of one inbound
     * @param context what the connection is like
     * @throws IllegalArgumentException if the agreement has no RSV bit
     */
    protected MessageExtension(NegotiatedExtension negotiated, ExtensionContext context) {
        rsv = negotiated.rsv();
        if (rsv == 0) {
            throw new IllegalArgumentException("without an RSV bit no message can be told from another");
        }
        maxMessageLength = context.maxMessageLength();
        maxEncodedLength = negotiated.maxPayloadLength(maxMessageLength);
    }

    /**
     * Encodes a message to send.
     *
     * @param message the whole message, from position to limit; borrowed until this returns
     * @return the encoded message, which may be {@code message} itself, changed in place where it is not read-only, or a
     *     buffer of this connection's own that is used again for the next; null to send the message as it is, without RSV
     *     bits
     */
    protected abstract @Nullable ByteBuffer encode(ByteBuffer message);

    /**
     * Decodes a message that the peer has encoded.
     *
     * @param message the whole encoded message, from position to limit; borrowed until this returns, and may be changed
     * @param maxLength the longest message that this end takes: stop with {@link #tooLong()} before more is held
     * @return the message, which may be {@code message} itself or a buffer of this connection's own
     * @throws ProtocolException 1007 or 1002 if it was not encoded as agreed, 1009 if it is too long
     */
    protected abstract ByteBuffer decode(ByteBuffer message, long maxLength);

    /**
     * The failure of a message that is longer than this end takes.
     *
     * @return a new exception with 1009, to be thrown
     */
    protected static ProtocolException tooLong() {
        return MessageViolation.MESSAGE_TOO_LONG.toException();
    }

    @Override
    public final FrameHandler inbound(FrameHandler next) {
        return new MessageStage(next, maxEncodedLength) {
            @Override
            boolean wants(FrameHeader first) {
                return (first.rsv() & rsv) != 0;
            }

            @Override
            void onContinuation(FrameHeader header) {
                if ((header.rsv() & rsv) != 0) { // RFC 6455 §5.4: they belong to the first frame
                    throw MessageViolation.RSV_WITHIN_MESSAGE.toException();
                }
            }

            @Override
            void onMessage(FrameHeader header, ByteBuffer message) {
                ByteBuffer decoded = decode(message, maxMessageLength);
                if (decoded.remaining() > maxMessageLength) {
                    throw tooLong();
                }
                next.onFrame(header.withRsv(header.rsv() & ~rsv), decoded, true);
            }
        };
    }

    @Override
    public final FrameHandler outbound(FrameHandler next) {
        MessageStage stage = new MessageStage(next, Long.MAX_VALUE) {
            @Override
            boolean wants(FrameHeader first) {
                return true;
            }

            @Override
            void onContinuation(FrameHeader header) {}

            @Override
            void onMessage(FrameHeader header, ByteBuffer message) {
                int from = message.position();
                int to = message.limit();
                ByteBuffer encoded = encode(message);
                if (encoded == null) {
                    next.onFrame(header, message.limit(to).position(from), true);
                } else {
                    next.onFrame(header.withRsv(header.rsv() | rsv), encoded, true);
                }
            }
        };
        outbound = stage;
        return stage;
    }

    /** Leaves the next message as it is. */
    @Override
    public final void skipNext() {
        if (outbound != null) {
            outbound.skipNext();
        }
    }

    /** Nothing is held beside memory. */
    @Override
    public void close() {}
}
