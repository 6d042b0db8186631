package dev.tenon.ws.deflate;

import java.nio.ByteBuffer;
import java.util.zip.Inflater;

/** An inflater and a buffer for its output. Belongs to the connection that took it from the pool, until it is released. */
final class InflateCodec {
    static final int ROOM = 16 * 1024;

    final Inflater inflater = new Inflater(true);
    final ByteBuffer output = ByteBuffer.allocateDirect(ROOM);
    /** The window of a message that is on its own; one that refers to earlier ones brings the connection's. */
    final History window = new History(1 << DeflateOptions.MAX_WINDOW_BITS);
    /** What the sender left out, and an empty final block: only a stream that stopped between two blocks takes both. */
    final ByteBuffer end = ByteBuffer.wrap(new byte[] {0, 0, -1, -1, 1, 0, 0, -1, -1});
    /**
     * The same for a stream that goes on, so that the empty block is not a final one. A stream that has stopped inside a
     * block makes output of these bytes or an error; only within the code lengths of a dynamic block, which are not
     * output, it may take them for more of the same.
     */
    final ByteBuffer pause = ByteBuffer.wrap(new byte[] {0, 0, -1, -1, 0, 0, 0, -1, -1});

    void end() {
        inflater.end();
    }
}
