package dev.tenon.ws.connection;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Joins bytes as they arrive. The array grows with the bytes, at most to the larger of 1 KiB and twice their number.
 */
final class ByteAccumulator {
    private static final int SMALLEST = 1024;

    private byte[] bytes = {};
    private int length;

    void append(ByteBuffer more) {
        int start = length;
        int end = Math.addExact(start, more.remaining());
        if (end > bytes.length) {
            bytes = Arrays.copyOf(bytes, capacityFor(end));
        }
        more.get(bytes, start, end - start);
        length = end;
    }

    private int capacityFor(int wanted) {
        long doubled = Math.max(SMALLEST, 2L * length);
        return (int) Math.max(wanted, Math.min(doubled, ConnectionOptions.MAX_MESSAGE_LENGTH));
    }

    int length() {
        return length;
    }

    /** The bytes so far, not copied. */
    ByteBuffer view() {
        return ByteBuffer.wrap(bytes, 0, length);
    }
}
