package dev.tenon.ws.extension;

import dev.tenon.ws.frame.Opcode;
import java.util.Set;

/**
 * An extension with the parameters that both ends have agreed on. Immutable and thread-safe: {@link #open} creates the
 * state of a connection.
 */
public interface NegotiatedExtension {
    /**
     * The element of the server's response.
     *
     * @return name and agreed parameters
     */
    ExtensionOffer agreed();

    /**
     * The RSV bits that this extension uses. Two extensions of a connection never use the same bit.
     *
     * @return any union of {@link dev.tenon.ws.frame.FirstByte#RSV1}, {@code RSV2} and {@code RSV3}
     */
    int rsv();

    /**
     * The reserved opcodes that this extension uses. Two extensions of a connection never use the same opcode.
     *
     * @return reserved opcodes, none by default
     */
    default Set<Opcode> opcodes() {
        return Set.of();
    }

    /**
     * The longest data frame that a correct peer needs for a message. A receiver fails the connection with 1009 when
     * the header of a longer frame arrives. It is more than the message if the extension can make messages longer, as
     * permessage-deflate does with data that cannot be compressed. {@link ExtensionContext#maxMessageLength()} limits
     * the output of the inbound stage separately.
     *
     * @param messageLength the length of a message before the peer's outbound stage, in bytes, 0 or more
     * @return bytes, {@code messageLength} or more, which is the default
     */
    default long maxPayloadLength(long messageLength) {
        return messageLength;
    }

    /**
     * Whether a later stage may split the data frames of this extension into fragments, with the RSV bits on the first
     * fragment only (RFC 6455 §5.4). True for an extension that works on messages, false for one that works on frames.
     *
     * <pre>
     *   it sends     [RSV1 TEXT FIN: abcdef]
     *   and may be   [RSV1 TEXT: abc] [CONTINUATION FIN: def]     on the wire
     *
     *   true   the peer's stage takes both for the same message, as RFC 7692 does
     *   false  a frame has a meaning of its own, such as a checksum over it
     * </pre>
     *
     * <p>If it is false, no extension that {@linkplain #reframes() makes other frames} can follow this one.
     *
     * @return false by default
     */
    default boolean fragmentable() {
        return false;
    }

    /**
     * Whether this extension sends a message in other frames than it receives. An extension whose frames must stay as
     * they are ({@link #fragmentable()} is false) cannot come before it; a server puts such an extension behind it.
     *
     * <pre>
     *   it is given  [TEXT: abc] [CONTINUATION FIN: def]
     *   it sends     [RSV1 TEXT FIN: xyz]                         another number of frames: true
     *
     *   it is given  [TEXT: abc] [CONTINUATION FIN: def]
     *   it sends     [RSV2 TEXT: 17abc] [RSV2 CONTINUATION FIN: 42def]        frame by frame: false
     * </pre>
     *
     * @return false by default
     */
    default boolean reframes() {
        return false;
    }

    /**
     * Opens the extension for one connection.
     *
     * @param context the role and limits of the connection
     * @return the extension, to be closed with the connection
     */
    Extension open(ExtensionContext context);
}
