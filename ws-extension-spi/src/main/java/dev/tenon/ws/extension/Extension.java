package dev.tenon.ws.extension;

import dev.tenon.ws.frame.FrameHandler;
import java.util.Optional;

/**
 * An extension of one open connection: two stages that each frame passes, one for each direction. Used by one thread at
 * a time.
 *
 * <p>A stage passes on the frames of others unchanged, piece by piece, and never keeps a payload after the call.
 * Control frames may arrive between the fragments of a message. The outbound stage sets the RSV bits of the extension;
 * the inbound stage clears them, because the next stage does not own them. An inbound stage never makes a message
 * longer than {@link ExtensionContext#maxMessageLength()}.
 */
public interface Extension extends AutoCloseable {
    /**
     * The inbound stage. Called once, when the connection opens.
     *
     * @param next receives the frames that this stage passes on
     * @return a handler for the frames from the wire, or from the extension that was negotiated after this one. It
     *     throws {@link dev.tenon.ws.frame.ProtocolException} if the peer breaks a rule of the extension
     */
    FrameHandler inbound(FrameHandler next);

    /**
     * The outbound stage. Called once, when the connection opens.
     *
     * @param next receives the frames that this stage passes on
     * @return a handler for the frames of the application, or of the extension that was negotiated before this one
     */
    OutboundHandler outbound(OutboundHandler next);

    /**
     * Says which connections can send the same frames for the same message, so that a message to many connections is
     * encoded once.
     *
     * <pre>{@code
     * message -> stage of a new extension -> frames -+-> connection 1   (key K, has forgotten)
     *                                                +-> connection 2   (key K, has forgotten)
     *         -> stage of connection 3's own -> frames                  (key L, or none)
     * }</pre>
     *
     * <p>Two extensions with equal keys, each after {@link #forgetOutbound()}, make the same frames of a whole message.
     * A new extension makes them too: the caller may open one only to encode a message, and never call its {@link
     * #inbound}.
     *
     * @return a key with {@code equals} and {@code hashCode}, the same each time; empty (the default) if every
     *     connection must encode for itself
     */
    default Optional<Object> sharingKey() {
        return Optional.empty();
    }

    /**
     * Forgets earlier outbound messages, so that the next one does not depend on them. The next message either passes
     * the outbound stage, or the outbound stage of another extension with an equal {@link #sharingKey()} has encoded it
     * and it bypasses this one. Called between two messages. Does nothing by default.
     */
    default void forgetOutbound() {}

    /** Frees the resources of the extension. Called once, at the end of the connection, also after a failure. */
    @Override
    void close();
}
