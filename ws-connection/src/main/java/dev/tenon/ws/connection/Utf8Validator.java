package dev.tenon.ws.connection;

import dev.tenon.ws.frame.MessageViolation;
import dev.tenon.ws.frame.ProtocolException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Validates strict UTF-8 (RFC 3629) for any split of the input. It fails at the first invalid byte, also inside a code
 * point.
 *
 * <p>A table-driven automaton without branches, so that text with sequences of mixed lengths is as fast as other text.
 * A row of the table contains, for one byte, the next state of each state. The state after {@code s} is in the six bits
 * that start at bit {@code s}, so that a step is one shift. Sixteen bytes of ASCII are skipped at once.
 */
final class Utf8Validator {
    private static final VarHandle LONGS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long NOT_ASCII = 0x8080_8080_8080_8080L;

    /** The mask for the state in the shifted bits. */
    private static final int STATE = 0x3F;

    /** The input is invalid. This is the entry of a row for each invalid byte, and the state never changes again. */
    private static final int REJECT = 0;
    /** The input is between two code points. */
    private static final int ACCEPT = 6;
    /** States in which one, two or three continuation bytes have to follow. */
    private static final int ONE_MORE = 12;

    private static final int TWO_MORE = 18;
    private static final int THREE_MORE = 24;
    /**
     * States after a first byte that restricts the second byte: no overlong form, no surrogate, nothing beyond
     * U+10FFFF.
     */
    private static final int AFTER_E0 = 30;

    private static final int AFTER_ED = 36;
    private static final int AFTER_F0 = 42;
    private static final int AFTER_F4 = 48;

    private static final long[] ROWS = rows();

    private long state = ACCEPT;

    /** The grammar of RFC 3629 §4. */
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
     * Validates the next bytes, from position to limit; changes neither.
     *
     * @throws ProtocolException 1007 if the bytes cannot be UTF-8, no matter what follows
     */
    void accept(ByteBuffer bytes) {
        /*
         * The sixteen steps are unrolled so that this method exceeds HotSpot's limit for inlining (FreqInlineSize, 325
         * bytes of bytecode). HotSpot then compiles the method separately, and the accesses through the view are never
         * calls.
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

    /** Returns whether the bytes so far end between two code points, and resets the validator. */
    boolean finish() {
        boolean whole = state == ACCEPT;
        state = ACCEPT;
        return whole;
    }

    /** Validates a whole text. */
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
