package dev.tenon.ws.suite;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.zip.Deflater;

/** Compresses the suite's messages (RFC 7692 §7.2.1) with the JDK's zlib. Not thread-safe. */
final class Compressor implements AutoCloseable {
    private final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    private final boolean fresh;
    private final int bits;

    Compressor(boolean fresh, int bits) {
        this.fresh = fresh;
        this.bits = bits;
    }

    /** Whether a message may refer to earlier ones. */
    boolean keepsContext() {
        return !fresh;
    }

    /** The payload of the message. */
    byte[] compress(byte[] message) {
        if (fresh) {
            deflater.reset();
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        // The JDK cannot set the window. No back reference crosses a full flush, so none is longer than a piece.
        int piece = bits == 15 ? Math.max(1, message.length) : 1 << bits;
        for (byte[] some : Octets.cut(message, piece)) {
            deflater.setInput(some);
            drain(out, bits == 15 ? Deflater.SYNC_FLUSH : Deflater.FULL_FLUSH);
        }
        byte[] flushed = out.toByteArray();
        return flushed.length <= 4 ? new byte[] {0} : Arrays.copyOf(flushed, flushed.length - 4); // without 00 00 ff ff
    }

    private void drain(ByteArrayOutputStream out, int flush) {
        byte[] some = new byte[8192];
        int made;
        do {
            made = deflater.deflate(some, 0, some.length, flush);
            out.write(some, 0, made);
        } while (made == some.length);
    }

    @Override
    public void close() {
        deflater.end();
    }
}
