package dev.tenon.ws.deflate;

import java.nio.ByteBuffer;

/**
 * The compression state of one connection between calls. It keeps every back reference inside the agreed window,
 * although the JDK's {@link java.util.zip.Deflater} always uses a window of 32 KiB.
 */
interface Compressor {
    /** The JDK's own window. For a smaller one, the input is compressed in segments. */
    int FULL_WINDOW = 1 << DeflateOptions.MAX_WINDOW_BITS;

    /**
     * Gets a codec that is ready for the next byte.
     *
     * @param begins whether a message begins
     */
    DeflateCodec acquire(boolean begins);

    /** How many more bytes the current segment may have. */
    int room();

    /** The flush that ends a segment. */
    int segmentFlush();

    /** Begins a segment. The limit of {@code payload} is at the end of the segment before. */
    void nextSegment(DeflateCodec codec, ByteBuffer payload);

    /** The flush that ends a piece whose last segment has the given length. */
    int lastFlush(int length);

    /**
     * Returns the codec at the end of a call.
     *
     * @param sent whether the piece between {@code from} and {@code to} was sent compressed, so that it is in the
     *     peer's window
     * @param last whether the message ends
     */
    void release(DeflateCodec codec, ByteBuffer payload, int from, int to, boolean sent, boolean last);

    /** The heap kept between two calls. */
    int retainedBytes();

    /** Forgets earlier messages, so that the next one does not refer to them. */
    void forget();

    /** Frees everything; during a call, as soon as the call is over. */
    void close();
}
