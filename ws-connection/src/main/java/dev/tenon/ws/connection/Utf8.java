package dev.tenon.ws.connection;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Encodes and decodes UTF-8: for ASCII as fast as the JDK, for other text faster. */
final class Utf8 {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final long NOT_ASCII = 0x8080_8080_8080_8080L;
    /** How many bytes of a text are checked to decide whether it begins with ASCII. */
    private static final int BEGINNING = 64;

    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long QUESTION_MARKS = '?' * ONES;

    private Utf8() {}

    /**
     * Encodes a text.
     *
     * @throws IllegalArgumentException if the text contains a lone surrogate, which UTF-8 cannot encode
     */
    static ByteBuffer encode(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        // The encoder replaces a lone surrogate by a question mark, but the text may also contain one itself.
        if (holdsQuestionMark(bytes) && !new String(bytes, UTF_8).equals(text)) {
            throw new IllegalArgumentException("the text holds a lone surrogate");
        }
        return ByteBuffer.wrap(bytes);
    }

    private static boolean holdsQuestionMark(byte[] bytes) {
        int at = 0;
        for (; at <= bytes.length - Long.BYTES; at += Long.BYTES) {
            long zeroWhereFound = (long) LONGS.get(bytes, at) ^ QUESTION_MARKS;
            if (((zeroWhereFound - ONES) & ~zeroWhereFound & (ONES << 7)) != 0) {
                return true;
            }
        }
        for (; at < bytes.length; at++) {
            if (bytes[at] == '?') {
                return true;
            }
        }
        return false;
    }

    /** Returns whether the first bytes of a text are ASCII. Most of these texts are ASCII completely, or almost. */
    static boolean beginsWithAscii(byte[] bytes, int from, int length) {
        int end = from + Math.min(length, BEGINNING);
        int at = from;
        for (; at <= end - Long.BYTES; at += Long.BYTES) {
            if (((long) LONGS.get(bytes, at) & NOT_ASCII) != 0) {
                return false;
            }
        }
        while (at < end) {
            if (bytes[at++] < 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * Decodes and validates a whole text in one pass. The JDK needs a copy and a larger array for text that is not
     * ASCII.
     *
     * @param chars an array with room for at least {@code length} chars
     * @throws dev.tenon.ws.frame.ProtocolException 1007 if the text is not UTF-8
     */
    static String decode(byte[] bytes, int from, int length, char[] chars) {
        int end = from + length;
        int size = 0;
        for (int at = from; at < end; ) {
            int b = bytes[at];
            if (b >= 0) {
                chars[size++] = (char) b;
                at++;
                continue;
            }
            int four = at <= end - Integer.BYTES ? (int) INTS.get(bytes, at) : last(bytes, at, end);
            int sequence = sequence(four);
            at += sequence;
            if (sequence == 3) {
                chars[size++] = (char) (((four >>> 12) & 0xF000) | ((four >>> 10) & 0xFC0) | ((four >>> 8) & 0x3F));
            } else if (sequence == 2) {
                chars[size++] = (char) (((four >>> 18) & 0x7C0) | ((four >>> 16) & 0x3F));
            } else {
                int codePoint =
                        ((four >>> 6) & 0x1C_0000) | ((four >>> 4) & 0x3_F000) | ((four >>> 2) & 0xFC0) | (four & 0x3F);
                chars[size++] = Character.highSurrogate(codePoint);
                chars[size++] = Character.lowSurrogate(codePoint);
            }
        }
        return new String(chars, 0, size);
    }

    /**
     * Returns the length of the UTF-8 sequence at the start of four bytes, of which the first is not ASCII.
     *
     * @throws dev.tenon.ws.frame.ProtocolException 1007 if the bytes are not a valid sequence
     */
    private static int sequence(int four) {
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
        throw Utf8Validator.malformed();
    }

    /** Returns the last bytes, fewer than four, filled with zeros, which no sequence continues with. */
    private static int last(byte[] bytes, int from, int end) {
        int four = 0;
        for (int at = from; at < from + Integer.BYTES; at++) {
            four = (four << Byte.SIZE) | (at < end ? bytes[at] & 0xFF : 0);
        }
        return four;
    }
}
