package dev.tenon.ws.connection;

import dev.tenon.ws.frame.MessageViolation;
import dev.tenon.ws.frame.ProtocolException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Strict UTF-8 (RFC 3629) over any split of the input: fails at the first byte that cannot be, also inside a code point.
 *
 * <p>A table-driven automaton without a branch, so that text whose sequences are of mixed lengths costs what any other
 * does. A row of the table says for one byte which state follows each state: the state that follows {@code s} stands in
 * the six bits from bit {@code s} on, so that a step is one shift. Sixteen bytes of ASCII are passed over at once.
 */
final class Utf8Validator {
    private static final VarHandle LONGS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long NOT_ASCII = 0x8080_8080_8080_8080L;

    /** What a state is of the bits that a shift leaves. */
    private static final int STATE = 0x3F;

    /** No text goes on from here: where a row says nothing it says this, and this follows itself. */
    private static final int REJECT = 0;
    /** Between two code points. */
    private static final int ACCEPT = 6;
    /** One, two or three continuation bytes have to follow. */
    private static final int ONE_MORE = 12;

    private static final int TWO_MORE = 18;
    private static final int THREE_MORE = 24;
    /** Behind a first byte that narrows the second: neither overlong, nor a surrogate, nor beyond U+10FFFF. */
    private static final int AFTER_E0 = 30;

    private static final int AFTER_ED = 36;
    private static final int AFTER_F0 = 42;
    private static final int AFTER_F4 = 48;

    private static final long[] ROWS = rows();

    private long state = ACCEPT;

    /** RFC 3629 §4. */
    private static long[] rows() {
        long[] rows = new long[256];
        on(rows, ACCEPT, 0x00, 0x7F, ACCEPT);
        on(rows, ACCEPT, 0xC2, 0xDF, ONE_MORE);
        on(rows, ACCEPT, 0xE0, 0xE0, AFTER_E0);
        on(rows, ACCEPT, 0xE1, 0xEC, TWO_MORE);
        on(rows, ACCEPT, 0xED, 0xED, AFTER_ED);
        on(rows, ACCEPT, 0xEE, 0xEF, TWO_MORE);
        on(rows, ACCEPT, 0xF0, 0xF0, AFTER_F0);
        on(rows, ACCEPT, 0xF1, 0xF3, THREE_MORE);
        on(rows, ACCEPT, 0xF4, 0xF4, AFTER_F4);
        on(rows, ONE_MORE, 0x80, 0xBF, ACCEPT);
        on(rows, TWO_MORE, 0x80, 0xBF, ONE_MORE);
        on(rows, THREE_MORE, 0x80, 0xBF, TWO_MORE);
        on(rows, AFTER_E0, 0xA0, 0xBF, ONE_MORE);
        on(rows, AFTER_ED, 0x80, 0x9F, ONE_MORE);
        on(rows, AFTER_F0, 0x90, 0xBF, TWO_MORE);
        on(rows, AFTER_F4, 0x80, 0x8F, TWO_MORE);
        return rows;
    }

    private static void on(long[] rows, int state, int lowest, int highest, long next) {
        for (int b = lowest; b <= highest; b++) {
            rows[b] |= next << state;
        }
    }

    /**
     * Takes the next bytes, from position to limit; changes neither.
     *
     * @throws ProtocolException 1007 if the bytes cannot be UTF-8, whatever follows
     */
    void accept(ByteBuffer bytes) {
        /*
         * The sixteen steps stand here one by one so that this method is longer than what HotSpot inlines
         * (FreqInlineSize, 325 bytes of code): it is compiled by itself, and the accessors of the view never are calls.
         */
        int end = bytes.limit();
        int at = bytes.position();
        long s = state;
        for (; at <= end - 16; at += 16) {
            long first = (long) LONGS.get(bytes, at);
            long second = (long) LONGS.get(bytes, at + 8);
            if (((first | second) & NOT_ASCII) == 0 && (s & STATE) == ACCEPT) {
                continue;
            }
            s = ROWS[(int) first & 0xFF] >>> s;
            s = ROWS[(int) (first >>> 8) & 0xFF] >>> s;
            s = ROWS[(int) (first >>> 16) & 0xFF] >>> s;
            s = ROWS[(int) (first >>> 24) & 0xFF] >>> s;
            s = ROWS[(int) (first >>> 32) & 0xFF] >>> s;
            s = ROWS[(int) (first >>> 40) & 0xFF] >>> s;
            s = ROWS[(int) (first >>> 48) & 0xFF] >>> s;
            s = ROWS[(int) (first >>> 56)] >>> s;
            s = ROWS[(int) second & 0xFF] >>> s;
            s = ROWS[(int) (second >>> 8) & 0xFF] >>> s;
            s = ROWS[(int) (second >>> 16) & 0xFF] >>> s;
            s = ROWS[(int) (second >>> 24) & 0xFF] >>> s;
            s = ROWS[(int) (second >>> 32) & 0xFF] >>> s;
            s = ROWS[(int) (second >>> 40) & 0xFF] >>> s;
            s = ROWS[(int) (second >>> 48) & 0xFF] >>> s;
            s = ROWS[(int) (second >>> 56)] >>> s;
        }
        for (; at < end; at++) {
            s = ROWS[bytes.get(at) & 0xFF] >>> s;
        }
        state = s & STATE;
        if (state == REJECT) {
            throw malformed();
        }
    }

    /** Whether the bytes so far end between two code points. Afterwards the validator is at its beginning again. */
    boolean finish() {
        boolean whole = state == ACCEPT;
        state = ACCEPT;
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

    static ProtocolException malformed() {
        return MessageViolation.TEXT_NOT_UTF_8.toException();
    }
}
