package dev.tenon.ws.suite;

import java.io.ByteArrayOutputStream;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Inflates the peer's messages with the JDK's zlib, and measures how far they refer back. Not thread-safe. */
final class Decompressor implements AutoCloseable {
    private static final byte[] TAIL = {0, 0, (byte) 0xFF, (byte) 0xFF};

    private final boolean fresh;
    private final int bits;
    private Inflater inflater = new Inflater(true);

    Decompressor(boolean fresh, int bits) {
        this.fresh = fresh;
        this.bits = bits;
    }

    /** Inflates a message. Throws {@link CaseFailure} if it is invalid or refers back too far. */
    byte[] decompress(byte[] payload) throws CaseFailure {
        byte[] whole = Octets.join(payload, TAIL);
        if (fresh) {
            inflater.reset();
        }
        int farthest = DistanceProbe.farthest(whole);
        if (farthest > 1 << bits) {
            throw new CaseFailure("the peer refers back by " + farthest + " bytes, in a window of " + (1 << bits)
                    + " (RFC 7692 §7.1.2)");
        }
        return inflate(whole);
    }

    private byte[] inflate(byte[] whole) throws CaseFailure {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        byte[] some = new byte[8192];
        inflater.setInput(whole);
        try {
            int made = inflater.inflate(some);
            while (made > 0 || (inflater.finished() && inflater.getRemaining() > 0)) {
                message.write(some, 0, made);
                if (inflater.finished()) { // after a block with BFINAL a new DEFLATE stream begins (§7.2.3.5)
                    restart(whole);
                }
                made = inflater.inflate(some);
            }
            if (inflater.needsDictionary() || inflater.getRemaining() > 0) {
                throw new CaseFailure("the peer's message does not inflate (RFC 7692 §7.2.2)");
            }
            return message.toByteArray();
        } catch (DataFormatException e) {
            throw new CaseFailure("the peer's message does not inflate: " + e.getMessage() + " (RFC 7692 §7.2.2)");
        }
    }

    private void restart(byte[] whole) {
        int left = inflater.getRemaining();
        inflater.end();
        inflater = new Inflater(true);
        inflater.setInput(whole, whole.length - left, left);
    }

    @Override
    public void close() {
        inflater.end();
    }
}
