package dev.tenon.ws.connection;

import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.ProtocolException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Strict UTF-8 (RFC 3629) over any split of the input: fails at the first byte that cannot be, also inside a code
 * point. Eight ASCII bytes, or one whole sequence, are taken at a time; single bytes only at the ends of a piece.
 */
final class Utf8Validator {
    private static final VarHandle LONGS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final VarHandle INTS = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final long NOT_ASCII = 0x8080_8080_8080_8080L;

    /** How many continuation bytes the code point that was begun still needs. */
    private int needed;
    /** The bounds of the next continuation byte, which the first byte of a sequence can narrow. */
    private int lowest;

    private int highest;

    /**
     * Takes the next bytes, from position to limit; changes neither.
     *
     * @throws ProtocolException 1007 if the bytes cannot be UTF-8, whatever follows
     */
    void accept(ByteBuffer bytes) {
        int end = bytes.limit();
        int at = steps(bytes, bytes.position(), end);
        while (at < end) {
            if (bytes.get(at) >= 0) {
                at = skipAscii(bytes, at + 1, end);
            } else if (at <= end - Integer.BYTES) {
                at += sequence((int) INTS.get(bytes, at));
            } else {
                begin(bytes.get(at) & 0xFF);
                at = steps(bytes, at + 1, end);
            }
        }
    }

    /** Takes what is there of the code point that was begun; returns where it ends, or the bytes do. */
    private int steps(ByteBuffer bytes, int from, int end) {
        int at = from;
        while (at < end && needed > 0) {
            int b = bytes.get(at++) & 0xFF;
            if (b < lowest || b > highest) {
                throw malformed();
            }
            needed--;
            lowest = 0x80;
            highest = 0xBF;
        }
        return at;
    }

    /** Whether the bytes so far end between two code points. Afterwards the validator is at its beginning again. */
    boolean finish() {
        boolean whole = needed == 0;
        needed = 0;
        return whole;
    }

    /** Checks a text that is there as a whole. */
    static void requireWhole(ByteBuffer text) {
        Utf8Validator validator = new Utf8Validator();
        validator.accept(text);
        if (!validator.finish()) {
            throw malformed();
        }
    }

    private static int skipAscii(ByteBuffer bytes, int from, int end) {
        int at = from;
        while (at <= end - Long.BYTES && ((long) LONGS.get(bytes, at) & NOT_ASCII) == 0) {
            at += Long.BYTES;
        }
        while (at < end && bytes.get(at) >= 0) {
            at++;
        }
        return at;
    }

    /**
     * The length of the sequence at the top of four bytes, of which the first is not ASCII.
     *
     * @throws ProtocolException 1007 if it is none
     */
    static int sequence(int four) {
        if ((four & 0xF0C0_C000) == 0xE080_8000) {
            int leading = four & 0x0F20_0000;
            if (leading != 0 && leading != 0x0D20_0000) { // overlong, surrogate
                return 3;
            }
        } else if ((four & 0xE0C0_0000) == 0xC080_0000) {
            if ((four & 0x1E00_0000) != 0) { // overlong
                return 2;
            }
        } else if ((four & 0xF8C0_C0C0) == 0xF080_8080) {
            int plane = ((four >>> 22) & 0x1C) | ((four >>> 20) & 3);
            if (plane >= 1 && plane <= 16) {
                return 4;
            }
        }
        throw malformed();
    }

    /** Takes the first byte of a sequence that is not there as a whole. */
    private void begin(int b) {
        lowest = 0x80;
        highest = 0xBF;
        if (b >= 0xC2 && b <= 0xDF) {
            needed = 1;
        } else if ((b & 0xF0) == 0xE0) {
            needed = 2;
            lowest = b == 0xE0 ? 0xA0 : 0x80;
            highest = b == 0xED ? 0x9F : 0xBF;
        } else if (b >= 0xF0 && b <= 0xF4) {
            needed = 3;
            lowest = b == 0xF0 ? 0x90 : 0x80;
            highest = b == 0xF4 ? 0x8F : 0xBF;
        } else {
            throw malformed();
        }
    }

    static ProtocolException malformed() {
        return new ProtocolException(CloseCode.INVALID_PAYLOAD_DATA, "the text is not UTF-8");
    }
}
