package dev.tenon.ws.extension;

import dev.tenon.ws.frame.FrameHandler;
import dev.tenon.ws.frame.FrameHeader;
import java.nio.ByteBuffer;

/**
 * Takes the frames that an end sends: the outbound stage of an {@link Extension}, or what stands behind the last one. It is
 * a {@link FrameHandler} with one parameter more, and its calls have the same grammar. Used by one thread at a time.
 */
@FunctionalInterface
public interface OutboundHandler {
    /**
     * Takes a piece of a frame.
     *
     * @param header the first byte of the frame that the piece belongs to
     * @param payload the piece, from position to limit; borrowed until this call returns, as in {@link
     *     FrameHandler#onFrame}. It is read-only where the application has only lent it
     * @param endOfFrame whether this is the last piece of its frame
     * @param mode what the application asks for the message: the same for all its frames, {@link SendMode#DEFAULT} for
     *     control frames. A stage passes it on with every frame, whether it heeds it or not
     */
    void onFrame(FrameHeader header, ByteBuffer payload, boolean endOfFrame, SendMode mode);
}
