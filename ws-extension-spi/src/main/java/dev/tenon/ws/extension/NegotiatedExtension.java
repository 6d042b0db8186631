package dev.tenon.ws.extension;

import dev.tenon.ws.frame.Opcode;
import java.util.Set;

/**
 * What a negotiation settled for one extension. Immutable, thread-safe and without state of a connection: that begins
 * with {@link #open}.
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
     * Begins the extension's work on one connection.
     *
     * @param context what the connection is like
     * @return the extension, to be closed with the connection
     */
    Extension open(ExtensionContext context);
}
