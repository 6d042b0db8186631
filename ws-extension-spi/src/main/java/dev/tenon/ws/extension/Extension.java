package dev.tenon.ws.extension;

import dev.tenon.ws.frame.FrameHandler;
import java.util.Optional;

/**
 * An extension at work on one connection: two decorators of the frame stream. Used by one thread at a time.
 *
 * <p>A stage passes on what is not its own, piece by piece, and never keeps a payload past the call. It sees control
 * frames between the fragments of a message. Outbound, it sets its RSV bits; inbound, it clears them, because the next
 * stage does not own them. What it hands on inbound for one message never passes
 * {@link ExtensionContext#maxMessageLength()}.
 */
public interface Extension extends AutoCloseable {
    /**
     * The inbound stage. Called once, when the connection opens.
     *
     * @param next takes what this stage hands on
     * @return takes frames as they come from the wire, or from the extension that was negotiated after this one. It
     *     throws {@link dev.tenon.ws.frame.ProtocolException} where the peer broke the extension's rules
     */
    FrameHandler inbound(FrameHandler next);

    /**
     * The outbound stage. Called once, when the connection opens.
     *
     * @param next takes what this stage hands on
     * @return takes frames as the application, or the extension that was negotiated before this one, sends them
     */
    OutboundHandler outbound(OutboundHandler next);

    /**
     * Tells which connections could send the same frames for the same message, so that a message to many is worked on
     * once.
     *
     * <pre>{@code
     * message -> stage of a new extension -> frames -+-> connection 1   (key K, has forgotten)
     *                                                +-> connection 2   (key K, has forgotten)
     *         -> stage of connection 3's own -> frames                  (key L, or none)
     * }</pre>
     *
     * <p>Two extensions with equal keys, each after {@link #forgetOutbound()}, make the same frames of a whole
     * message. So does one that has just been opened: the frames may come from one that is opened for that alone, and is
     * asked for no inbound stage.
     *
     * @return a key with {@code equals} and {@code hashCode}, the same each time; empty, as by default, where every
     *     connection needs a run of its own
     */
    default Optional<Object> sharingKey() {
        return Optional.empty();
    }

    /**
     * Forgets earlier outbound messages, so that the next one depends on none of them, whether it passes the outbound
     * stage or was made by the stage of another connection with an equal {@link #sharingKey()} and goes out past this
     * one. Called between two messages. Nothing by default.
     */
    default void forgetOutbound() {}

    /** Gives back all that the extension holds. Called once, at the end of the connection, whatever happened. */
    @Override
    void close();
}
