package dev.tenon.ws.deflate;

import java.nio.ByteBuffer;
import java.util.zip.Inflater;

/** An inflater and a buffer for its output. A connection owns it between taking it from the pool and releasing it. */
final class InflateCodec {
    static final int ROOM = 16 * 1024;

    final Inflater inflater = new Inflater(true);
    final ByteBuffer output = ByteBuffer.allocateDirect(ROOM);
    /** The window for a message that does not refer to earlier ones; otherwise the connection's window is used. */
    final History window = new History(1 << DeflateOptions.MAX_WINDOW_BITS);
    /**
     * The four bytes that the sender left out, and an empty final block. Only a stream that ends between two blocks
     * accepts both.
     */
    final ByteBuffer end = ByteBuffer.wrap(new byte[] {0, 0, -1, -1, 1, 0, 0, -1, -1});
    /**
     * The same for a stream that continues, so the empty block is not final. A stream that stops inside a block turns
     * these bytes into output or an error. Only inside the code lengths of a dynamic block, which make no output, can
     * it accept them.
     */
    final ByteBuffer pause = ByteBuffer.wrap(new byte[] {0, 0, -1, -1, 0, 0, 0, -1, -1});

    void end() {
        inflater.end();
    }
}
