package dev.tenon.ws.deflate;

import java.nio.ByteBuffer;
import java.util.zip.Deflater;

/** A deflater and room for its output. Belongs to whoever took it from the pool. */
final class DeflateCodec {
    static final int ROOM = 16 * 1024;

    final Deflater deflater;
    final ByteBuffer output = ByteBuffer.allocateDirect(ROOM);

    DeflateCodec(int level) {
        deflater = new Deflater(level, true);
    }

    void end() {
        deflater.end();
    }
}
