package dev.tenon.ws.transport;

import dev.tenon.ws.connection.WireTap;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The buffers of one gathering write, in order. Buffers marked as shared never change, so a queue may hold references
 * to them.
 */
final class GatheredBuffers {
    private static final int MOST = 32;
    /** What is added before the next check: bytes in front of a shared frame, that frame, bytes behind it, and a body. */
    private static final int MOST_BETWEEN_CHECKS = 4;

    private final @Nullable ByteBuffer[] buffers = new ByteBuffer[MOST];
    private int shared;
    private int count;

    boolean isFull() {
        return count > MOST - MOST_BETWEEN_CHECKS;
    }

    boolean isEmpty() {
        return count == 0;
    }

    int count() {
        return count;
    }

    void add(ByteBuffer bytes) {
        buffers[count] = bytes;
        count++;
    }

    void addShared(ByteBuffer frame) {
        add(frame);
        shared |= 1 << (count - 1);
    }

    ByteBuffer get(int index) {
        ByteBuffer buffer = buffers[index];
        if (buffer == null) {
            throw new IndexOutOfBoundsException(index);
        }
        return buffer;
    }

    boolean isShared(int index) {
        return (shared >> index & 1) != 0;
    }

    /** The array of buffers; the first {@link #count()} elements are in use. */
    @SuppressWarnings("NullAway") // the first count elements are not null
    ByteBuffer[] array() {
        return buffers;
    }

    long remaining() {
        long sum = 0;
        for (int i = 0; i < count; i++) {
            sum += get(i).remaining();
        }
        return sum;
    }

    /** Passes all outbound bytes to a tap. */
    void show(WireTap tap, @Nullable ByteBuffer body) {
        for (int i = 0; i < count; i++) {
            tap.sent(get(i).asReadOnlyBuffer());
        }
        if (body != null && body.hasRemaining()) {
            tap.sent(body.asReadOnlyBuffer());
        }
    }

    void clear() {
        if (count > 0) {
            Arrays.fill(buffers, 0, count, null);
            count = 0;
            shared = 0;
        }
    }
}
