package dev.tenon.ws.transport;

import dev.tenon.ws.connection.WireTap;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The buffers of one gathering write, in order. Those of shared frames never change, so a queue may hold references
 * to them.
 */
final class GatheredBuffers {
    private static final int MOST = 32;
    /** What is added before the next check: bytes in front of a shared frame, that frame, bytes behind it, and a body. */
    private static final int MOST_BETWEEN_CHECKS = 4;

    private final @Nullable ByteBuffer[] buffers = new ByteBuffer[MOST];
    private final @Nullable ByteBuffer[] frames = new ByteBuffer[MOST];
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

    /** Adds a duplicate of a shared frame. */
    void addShared(ByteBuffer frame) {
        frames[count] = frame;
        add(frame.duplicate());
    }

    ByteBuffer get(int index) {
        ByteBuffer buffer = buffers[index];
        if (buffer == null) {
            throw new IndexOutOfBoundsException(index);
        }
        return buffer;
    }

    /** The shared frame of which a buffer is a duplicate, or null. */
    @Nullable
    ByteBuffer sharedFrame(int index) {
        return frames[index];
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
            Arrays.fill(frames, 0, count, null);
            count = 0;
        }
    }
}
