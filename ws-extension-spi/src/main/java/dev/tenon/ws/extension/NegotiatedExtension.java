package dev.tenon.ws.extension;

import dev.tenon.ws.frame.Opcode;
import java.util.Set;

/**
 * An extension with the parameters that both ends have agreed on. Immutable and thread-safe; the state of a connection
 * begins with {@link #open}.
 */
public interface NegotiatedExtension {
    /**
     * The element of the server's answer.
     *
     * @return name and agreed parameters
     */
    ExtensionOffer agreed();

    /**
     * The RSV bits that this extension owns from now on. No two extensions of a connection own the same one.
     *
     * @return any union of {@link dev.tenon.ws.frame.FrameHeader#RSV1}, {@code RSV2} and {@code RSV3}
     */
    int rsv();

    /**
     * The reserved opcodes that this extension owns from now on. No two extensions of a connection own the same one.
     *
     * @return reserved opcodes, none by default
     */
    default Set<Opcode> opcodes() {
        return Set.of();
    }

    /**
     * The longest data frame that a peer may need for a message, in good faith: a receiver takes frames up to here, and
     * answers longer ones with 1009 on their header. More than the message where the extension can make it longer, as
     * permessage-deflate does with what cannot be compressed. What comes out of the inbound stage is bounded apart from
     * this, by {@link ExtensionContext#maxMessageLength()}.
     *
     * @param messageLength the length of a message as it goes into the peer's outbound stage, in bytes, 0 or more
     * @return bytes, {@code messageLength} or more, which is the default
     */
    default long maxPayloadLength(long messageLength) {
        return messageLength;
    }

    /**
     * Whether the data frames that this extension sends may be cut into fragments behind it, with the RSV bits on the
     * first fragment only (RFC 6455 §5.4). Ask first: does it work on messages or on frames?
     *
     * <pre>
     *   it sends     [RSV1 TEXT FIN: abcdef]
     *   and may be   [RSV1 TEXT: abc] [CONTINUATION FIN: def]     on the wire
     *
     *   true   the peer's stage takes both for the same message, as RFC 7692 does
     *   false  a frame has a meaning of its own, such as a checksum over it
     * </pre>
     *
     * <p>Where it is false, no extension that {@linkplain #reframes() makes other frames} can stand behind this one.
     *
     * @return false by default
     */
    default boolean fragmentable() {
        return false;
    }

    /**
     * Whether this extension makes other frames of a message than it was given, so that an extension whose frames have a
     * meaning of their own, as {@link #fragmentable()} says, cannot stand before it. Behind it such a one can, and a
     * server puts it there.
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
     * Begins the extension's work on one connection.
     *
     * @param context what the connection is like
     * @return the extension, to be closed with the connection
     */
    Extension open(ExtensionContext context);
}
