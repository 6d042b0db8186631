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
     *     often a window on a buffer that somebody else reads into, so the handler neither keeps it nor reads outside
     *     the window. It may change position and limit, and the bytes of the window (that is how work is done in
     *     place); it does not count on the buffer being writable or having an array
     * @param endOfFrame whether this is the last piece of its frame
     * @throws ProtocolException if the peer broke a rule that this handler watches
     */
    void onFrame(FrameHeader header, ByteBuffer payload, boolean endOfFrame);
}
