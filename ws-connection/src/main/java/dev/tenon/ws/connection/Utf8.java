package dev.tenon.ws.connection;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Text as UTF-8, at the speed of the JDK's own encoder. */
final class Utf8 {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long QUESTION_MARKS = '?' * ONES;

    private Utf8() {}

    /**
     * Encodes a text.
     *
     * @throws IllegalArgumentException if the text holds a lone surrogate, which has no UTF-8
     */
    static ByteBuffer encode(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        // A question mark is the encoder's answer to a lone surrogate, unless the text has one itself.
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
}
