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
    /** The cost of a reference to a shared frame, in the loop's count of waiting bytes. */
    static final int REFERENCE_COST = 64;

    /** A buffer with bytes between position and limit; a chunk may have room behind its limit. */
    private record Entry(ByteBuffer bytes, boolean isChunk) {
        boolean hasRoom() {
            return isChunk && bytes.limit() < bytes.capacity();
        }

        long cost() {
            return isChunk ? bytes.capacity() : REFERENCE_COST;
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

    /** The memory in use, in bytes. */
    long cost() {
        return cost;
    }

    /** Adds a frame that never changes, by reference. */
    void addReference(ByteBuffer frame) {
        add(new Entry(frame, false));
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
                        buffers.chunks().acquire(waiting + bytes.remaining()).limit(0), true);
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
        charge(entry.cost());
    }

    private void charge(long bytes) {
        cost += bytes;
        buffers.charge(bytes);
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
        charge(-entry.cost());
        if (entry.isChunk) {
            buffers.chunks().release(entry.bytes);
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
