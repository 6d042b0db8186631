package dev.tenon.ws.deflate;

import java.nio.ByteBuffer;

/**
 * What the compressor of one connection remembers from call to call, and how it keeps every distance inside the window
 * that was agreed on although the JDK's {@link java.util.zip.Deflater} always works with 32 KiB.
 */
interface Compressor {
    /** The JDK's own window; below that, work is done in segments. */
    int FULL_WINDOW = 1 << DeflateOptions.MAX_WINDOW_BITS;

    /**
     * A codec that is ready for the next byte.
     *
     * @param begins whether a message begins
     */
    DeflateCodec take(boolean begins);

    /** How many bytes may go into the current segment. */
    int room();

    /** The flush that ends a segment. */
    int segmentFlush();

    /** Begins a segment; {@code payload} has its limit where the one before ended. */
    void nextSegment(DeflateCodec codec, ByteBuffer payload);

    /** The flush that ends a piece, the last segment of which has the given length. */
    int lastFlush(int length);

    /**
     * Ends a call.
     *
     * @param sent whether the peer's window has moved over the piece between {@code from} and {@code to}
     * @param last whether the message ends
     */
    void giveBack(DeflateCodec codec, ByteBuffer payload, int from, int to, boolean sent, boolean last);

    /** The heap kept between two calls. */
    int retainedBytes();

    /** Forgets the messages before, so that the next one refers to none of them. */
    void forget();

    /** Gives everything back; when called from within a call, as soon as that is over. */
    void close();
}
