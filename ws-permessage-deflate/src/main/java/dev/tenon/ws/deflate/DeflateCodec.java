package dev.tenon.ws.deflate;

import java.nio.ByteBuffer;
import java.util.zip.Deflater;

/** A deflater and room for its output. */
final class DeflateCodec {
    static final int ROOM = 16 * 1024;

    final Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    final ByteBuffer output = ByteBuffer.allocateDirect(ROOM);

    void end() {
        deflater.end();
    }
}
