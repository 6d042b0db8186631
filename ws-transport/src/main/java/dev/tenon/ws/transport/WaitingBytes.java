package dev.tenon.ws.transport;

import dev.tenon.ws.transport.Recorder.Stall;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that wait for the peer, in order: copies in chunks of the loop's pool, and references to frames that never
 * change. It exists only while bytes wait.
 *
 * <pre>
 *     queue    [chunk ░░▓▓▓] [shared frame] [chunk ▓▓▓   ]
 *               sent ┘ └ waits                   room ┘
 * </pre>
 */
final class WaitingBytes {
    /** The cost of a reference to a shared frame, beside that of the frame. */
    private static final int REFERENCE_COST = 64;

    /**
     * A buffer with bytes between position and limit; a chunk may have room behind its limit.
     *
     * @param frame the shared frame of which the buffer is a duplicate, or null for a chunk
     */
    private record Entry(ByteBuffer bytes, @Nullable ByteBuffer frame) {
        boolean hasRoom() {
            return frame == null && bytes.limit() < bytes.capacity();
        }

        long cost() {
            return frame == null ? bytes.capacity() : REFERENCE_COST + frame.capacity();
        }
    }

    private final LoopBuffers buffers;
    private final @Nullable Stall stall;
    private final ArrayDeque<Entry> queue = new ArrayDeque<>();
    private long cost;

    WaitingBytes(LoopBuffers buffers, @Nullable Stall stall) {
        this.buffers = buffers;
        this.stall = stall;
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    /** The memory in use, in bytes, as if no other link waited to send the same frames. */
    long cost() {
        return cost;
    }

    /**
     * Adds the rest of a shared frame, by reference.
     *
     * @param rest a duplicate of the frame, from position to limit
     * @param frame the frame
     */
    void addReference(ByteBuffer rest, ByteBuffer frame) {
        add(new Entry(rest, frame));
    }

    /**
     * Adds a copy of bytes and moves their position.
     *
     * @param waiting how many bytes wait already; the more, the larger the chunks
     */
    void copy(ByteBuffer bytes, long waiting) {
        while (bytes.hasRemaining()) {
            Entry last = queue.peekLast();
            if (last == null || !last.hasRoom()) {
                last = new Entry(
                        buffers.chunks().acquire(waiting + bytes.remaining()).limit(0), null);
                add(last);
            }
            ByteBuffer chunk = last.bytes;
            int start = chunk.limit();
            int length = Math.min(bytes.remaining(), chunk.capacity() - start);
            chunk.limit(start + length);
            chunk.put(start, bytes, bytes.position(), length);
            bytes.position(bytes.position() + length);
        }
    }

    private void add(Entry entry) {
        queue.addLast(entry);
        cost += entry.cost();
        if (entry.frame == null) {
            buffers.charge(entry.cost());
        } else {
            buffers.hold(entry.frame, REFERENCE_COST);
        }
    }

    /**
     * The first buffers, for one write. Heap buffers are copied into a window of the loop. The caller must clear the
     * list.
     */
    GatheredBuffers batch() {
        GatheredBuffers batch = buffers.batch();
        for (Entry next : queue) {
            if (batch.isFull()) {
                break;
            }
            if (next.bytes.isDirect()) {
                batch.add(next.bytes.duplicate());
            } else {
                batch.add(buffers.window(next.bytes.duplicate()));
                break;
            }
        }
        return batch;
    }

    /** Removes the first bytes after they were written. */
    void remove(long written) {
        long left = written;
        while (!queue.isEmpty()) {
            ByteBuffer first = queue.getFirst().bytes;
            int length = (int) Math.min(left, first.remaining());
            first.position(first.position() + length);
            left -= length;
            if (first.hasRemaining()) {
                return;
            }
            release(queue.removeFirst());
        }
    }

    private void release(Entry entry) {
        cost -= entry.cost();
        if (entry.frame == null) {
            buffers.charge(-entry.cost());
            buffers.chunks().release(entry.bytes);
        } else {
            buffers.release(entry.frame, REFERENCE_COST);
        }
    }

    /** Frees everything, because all bytes have been sent or dropped. */
    void end() {
        while (!queue.isEmpty()) {
            release(queue.removeFirst());
        }
        if (stall != null) {
            stall.over();
        }
    }
}
