package dev.tenon.ws.frame;

import java.nio.ByteBuffer;

/**
 * The one stream that flows through Tenon: pieces of frames. A decoder feeds it, an extension decorates it, a message
 * assembler or an encoder ends it.
 *
 * <p>Call grammar, per stream: {@code (piece(endOfFrame = false)* piece(endOfFrame = true))*}, where all pieces of one
 * frame carry the same header and pieces of two frames never mix. A frame without payload is one empty piece.
 *
 * <p>Not thread-safe: one stream belongs to one thread at a time.
 */
@FunctionalInterface
public interface FrameHandler {
    /**
     * Takes a piece of a frame.
     *
     * @param header the first byte of the frame this piece belongs to
     * @param payload the piece, unmasked, from position to limit; <em>borrowed until this call returns</em>. It is
     *     often a window on the buffer that a transport reads into, so the handler neither keeps it nor reads outside
     *     the window. It may change position and limit, and the bytes of the window (that is how work is done in
     *     place); it does not count on the buffer being writable or having an array
     * @param endOfFrame whether this is the last piece of its frame
     * @throws ProtocolException if the peer broke a rule that this handler watches
     */
    void onFrame(FrameHeader header, ByteBuffer payload, boolean endOfFrame);

    /**
     * Whether this handler accepts another piece. A caller that has several pieces asks before each, and stops while
     * the answer is false. A piece that is handed over nevertheless is accepted.
     *
     * <p>A handler that makes more of a piece than it was given, as a decompressor does, asks the next handler before each
     * piece that it hands on. Once that one is not ready it keeps the rest of its input, is not ready itself, and waits
     * for {@link #resume()}.
     *
     * @return true by default: the handler accepts every piece
     */
    default boolean isReady() {
        return true;
    }

    /**
     * Goes on with what this handler has kept because the next one was not ready, as far as that one is ready now. Called
     * on the thread of the stream, outside {@link #onFrame}. Does nothing by default.
     *
     * @throws ProtocolException if the peer broke a rule that this handler watches
     */
    default void resume() {}
}
