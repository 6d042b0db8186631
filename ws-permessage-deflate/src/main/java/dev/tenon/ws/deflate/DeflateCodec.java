package dev.tenon.ws.deflate;

import java.nio.ByteBuffer;
import java.util.zip.Deflater;

/** A deflater and room for its output. Belongs to whoever took it from the pool. */
final class DeflateCodec {
    static final int ROOM = 16 * 1024;

    final Deflater deflater;
    final ByteBuffer output = ByteBuffer.allocateDirect(ROOM);

    private long loan;
    private long loanBefore;

    DeflateCodec(int level) {
        deflater = new Deflater(level, true);
    }

    /** Counts a loan: no two loans of one pool have the same number, and all are positive. */
    void lend(long number) {
        loanBefore = loan;
        loan = number;
    }

    /** The number under which this codec is out. */
    long loan() {
        return loan;
    }

    /** Whether this codec comes back as it was when that loan ended. */
    boolean follows(long number) {
        return loanBefore == number;
    }

    void end() {
        deflater.end();
    }
}
