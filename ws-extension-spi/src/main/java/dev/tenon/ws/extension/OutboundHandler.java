package dev.tenon.ws.extension;

import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.FrameHandler;
import java.nio.ByteBuffer;

/**
 * Receives the frames that an end sends: the outbound stage of an {@link Extension}, or the handler behind the last
 * stage. It is a {@link FrameHandler} with one parameter more, and its calls follow the same grammar. Used by one
 * thread at a time.
 */
@FunctionalInterface
public interface OutboundHandler {
    /**
     * Receives a piece of a frame.
     *
     * @param firstByte the first byte of the frame that the piece belongs to
     * @param payload the piece, from position to limit; borrowed until this call returns, as in {@link
     *     FrameHandler#onFrame}. It is read-only if the application still owns it
     * @param endOfFrame whether this is the last piece of its frame
     * @param mode how the application wants the message sent: the same for all its frames, {@link SendMode#DEFAULT} for
     *     control frames. A stage passes it on with every frame, even if it does not use it
     */
    void onFrame(FirstByte firstByte, ByteBuffer payload, boolean endOfFrame, SendMode mode);
}
