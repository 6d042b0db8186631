package dev.tenon.ws.deflate;

import java.nio.ByteBuffer;
import java.util.zip.Deflater;

/** A deflater and a buffer for its output. Belongs to the connection that took it from the pool, until it is released. */
final class DeflateCodec {
    static final int ROOM = 16 * 1024;

    final Deflater deflater;
    final ByteBuffer output = ByteBuffer.allocateDirect(ROOM);

    private long lease;
    private long leaseBefore;

    DeflateCodec(int level) {
        deflater = new Deflater(level, true);
    }

    /** Begins a lease: no two leases of one pool have the same number, and all are positive. */
    void lease(long number) {
        leaseBefore = lease;
        lease = number;
    }

    /** The number of the current lease. */
    long lease() {
        return lease;
    }

    /** Whether the current lease directly follows the given one, so that the codec is as that one left it. */
    boolean isContinuationOf(long number) {
        return leaseBefore == number;
    }

    void end() {
        deflater.end();
    }
}
