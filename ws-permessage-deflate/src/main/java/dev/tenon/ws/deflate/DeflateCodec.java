package dev.tenon.ws.deflate;

import java.nio.ByteBuffer;
import java.util.zip.Deflater;

/** A deflater and a buffer for its output. A connection owns it between taking it from the pool and releasing it. */
final class DeflateCodec {
    static final int ROOM = 16 * 1024;

    final Deflater deflater;
    final ByteBuffer output = ByteBuffer.allocateDirect(ROOM);

    private long lease;
    private long leaseBefore;

    DeflateCodec(int level) {
        deflater = new Deflater(level, true);
    }

    /** Begins a lease. All leases of a pool have different, positive numbers. */
    void lease(long number) {
        leaseBefore = lease;
        lease = number;
    }

    /** The number of the current lease. */
    long lease() {
        return lease;
    }

    /** Whether the current lease directly follows the given one, so that the codec still has the state of that one. */
    boolean isContinuationOf(long number) {
        return leaseBefore == number;
    }

    void end() {
        deflater.end();
    }
}
