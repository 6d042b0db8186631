package dev.tenon.ws.frame;

import java.nio.ByteBuffer;

/**
 * Receives a stream of frames, piece by piece. All modules of Tenon pass frames on in this form: a decoder calls a
 * handler, an extension is a handler in front of another one, and a message assembler or an encoder is the last.
 *
 * <p>Call grammar, per stream: {@code (piece(endOfFrame = false)* piece(endOfFrame = true))*}, where all pieces of one
 * frame carry the same header and pieces of two frames never mix. A frame without payload is one empty piece.
 *
 * <p>Not thread-safe: one stream belongs to one thread at a time.
 */
@FunctionalInterface
public interface FrameHandler {
    /**
     * Receives a piece of a frame.
     *
     * @param firstByte the first byte of the frame this piece belongs to
     * @param payload the piece, unmasked, from position to limit; <em>borrowed until this call returns</em>. It is
     *     often a window on the buffer that a transport reads into, so the handler must not keep it nor read outside
     *     the window. The handler may change position, limit and the bytes of the window; it must not assume that the
     *     buffer is writable or has an array
     * @param endOfFrame whether this is the last piece of its frame
     * @throws ProtocolException if the peer broke a rule that this handler checks
     */
    void onFrame(FirstByte firstByte, ByteBuffer payload, boolean endOfFrame);

    /**
     * Whether this handler wants another piece. A caller that has several pieces checks this before each and stops
     * while it is false. A handler must accept a piece even while this is false.
     *
     * <p>A handler that makes several pieces of one, such as a decompressor, checks the next handler before each piece
     * that it passes on. If the next handler is not ready, it keeps the rest of its input, is not ready itself, and
     * waits for {@link #resume()}.
     *
     * @return true by default: the handler accepts every piece
     */
    default boolean isReady() {
        return true;
    }

    /**
     * Continues with the input that this handler has kept because the next handler was not ready, until that one is not
     * ready again. Called on the thread of the stream, outside {@link #onFrame}. Does nothing by default.
     *
     * @throws ProtocolException if the peer broke a rule that this handler checks
     */
    default void resume() {}
}
