package dev.tenon.ws.transport;

import dev.tenon.ws.transport.Recorder.Stall;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The bytes on their way out of one socket. What the peer takes at once is never stored; the rest waits in order, as copies
 * in chunks sized by what waits, or as references to frames that never change:
 *
 * <pre>
 *     socket ← [chunk ░░▓▓▓] [shared frame] [chunk ▓▓▓   ]
 *               sent ┘ └ waits                   room ┘
 * </pre>
 *
 * While nothing waits it owns no buffer. For the thread of its loop; {@link #backlog()} is safe from any.
 */
final class Outflow {
    /** What happens once the last byte has left, or has happened. */
    enum End {
        /** Nothing: more may follow. */
        OPEN,
        /** The outbound direction is to be ended. */
        SHUT_DOWN,
        /** The socket is to be closed. */
        CLOSE,
        /** A write has failed, or the link was closed for a failure: nothing leaves any more, and nothing is counted. */
        FAILED
    }

    /** After so many bytes in one turn the other connections of the loop have theirs. */
    private static final long TURN_BYTES = 1024 * 1024;
    /** Frames shorter than this are copied: a reference costs as much. */
    private static final int SHORTEST_REFERENCE = 256;
    /** What a reference to a shared frame costs, in the loop's account. */
    private static final int REFERENCE_COST = 64;

    private final Socket socket;
    private final LoopBuffers buffers;
    private @Nullable Waiting waiting;
    private volatile long backlog;
    private End end = End.OPEN;

    /** What waits; exists only while something does. */
    private static final class Waiting {
        /** Every buffer is ready to be read; a copy that is last may have room behind its limit. */
        final ArrayDeque<ByteBuffer> queue = new ArrayDeque<>();

        final ArrayDeque<Boolean> copies = new ArrayDeque<>();

        @Nullable
        Stall stall;

        long cost;
    }

    Outflow(Socket socket, LoopBuffers buffers) {
        this.socket = socket;
        this.buffers = buffers;
    }

    End end() {
        return end;
    }

    /** Chooses what follows the last byte; a failure stays one. */
    void endWith(End next) {
        if (end != End.FAILED) {
            end = next;
        }
    }

    boolean hasFailed() {
        return end == End.FAILED;
    }

    boolean isEmpty() {
        return waiting == null;
    }

    /** How many bytes wait; after a failure, how many have not left. */
    long backlog() {
        return backlog;
    }

    /**
     * Sends buffers in order, and borrowed bytes behind them. What the peer does not take is queued.
     *
     * @param gather leaves first; its buffers are used up
     * @param body borrowed until this returns, then used up; or null
     * @return whether something waits now that did not before
     * @throws IOException if the socket fails
     */
    boolean send(Gather gather, @Nullable ByteBuffer body) throws IOException {
        boolean waited = waiting != null;
        if (end == End.FAILED) {
            count(gather.remaining() + (body == null ? 0 : body.remaining()));
        } else if (waited) {
            queue(gather);
        } else if (body == null || body.isDirect()) {
            if (body != null) {
                gather.add(body);
            }
            write(gather);
            queue(gather);
        } else {
            writeInWindows(gather, body);
        }
        if (body != null && end != End.FAILED) {
            append(body, body.remaining());
        }
        return !waited && waiting != null;
    }

    /** Heap bytes go through a buffer of the loop: the JDK would keep a direct one of the whole length for each thread. */
    private void writeInWindows(Gather gather, ByteBuffer body) throws IOException {
        while (waiting == null && (body.hasRemaining() || !gather.isEmpty())) {
            gather.add(buffers.window(body));
            write(gather);
            queue(gather);
            gather.clear();
        }
    }

    private void write(Gather gather) throws IOException {
        long before = gather.remaining();
        if (before == 0) {
            return;
        }
        try {
            long written =
                    gather.count() == 1 ? socket.write(gather.get(0)) : socket.write(gather.array(), gather.count());
            buffers.counters().wrote(written);
        } catch (IOException e) {
            fail(gather.remaining());
            throw e;
        }
    }

    /** Queues what is left of some buffers. */
    private void queue(Gather gather) {
        for (int i = 0; i < gather.count(); i++) {
            ByteBuffer part = gather.get(i);
            int length = part.remaining();
            if (length >= SHORTEST_REFERENCE && gather.isShared(i)) {
                Waiting all = waiting();
                all.queue.addLast(part);
                all.copies.addLast(false);
                charge(all, REFERENCE_COST);
                count(length);
            } else if (length > 0) {
                append(part, length);
            }
        }
    }

    /** Copies bytes to the end of what waits; uses them up. */
    private void append(ByteBuffer bytes, int length) {
        if (length == 0) {
            return;
        }
        Waiting all = waiting();
        while (bytes.hasRemaining()) {
            ByteBuffer chunk = all.queue.peekLast();
            if (chunk == null || !all.copies.getLast() || chunk.limit() == chunk.capacity()) {
                chunk = buffers.chunks().take(backlog + bytes.remaining()).limit(0);
                all.queue.addLast(chunk);
                all.copies.addLast(true);
                charge(all, chunk.capacity());
            }
            int start = chunk.limit();
            int part = Math.min(bytes.remaining(), chunk.capacity() - start);
            chunk.limit(start + part);
            chunk.put(start, bytes, bytes.position(), part);
            bytes.position(bytes.position() + part);
        }
        count(length);
    }

    private Waiting waiting() {
        Waiting all = waiting;
        if (all == null) {
            all = new Waiting();
            all.stall = buffers.stalled(socket);
            waiting = all;
        }
        return all;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // only the loop's thread writes it
    private void count(long bytes) {
        backlog += bytes;
    }

    private void charge(Waiting all, long cost) {
        all.cost += cost;
        buffers.charge(cost);
    }

    /**
     * Writes what waits, up to a budget.
     *
     * @return whether nothing waits any more
     * @throws IOException if the socket fails
     */
    boolean drain() throws IOException {
        Waiting all = waiting;
        long budget = TURN_BYTES;
        while (all != null && budget > 0 && !all.queue.isEmpty()) {
            Gather batch = batch(all);
            long length = batch.remaining();
            long written;
            try {
                written = batch.count() == 1 ? socket.write(batch.get(0)) : socket.write(batch.array(), batch.count());
            } catch (IOException e) {
                fail(0);
                throw e;
            } finally {
                batch.clear();
            }
            buffers.counters().wrote(written);
            count(-written);
            budget -= written;
            remove(all, written);
            if (written < length) {
                break;
            }
        }
        if (all != null && all.queue.isEmpty()) {
            forget(all);
        }
        return waiting == null;
    }

    /** The first buffers of the queue; those on the heap are copied into a window of the loop. */
    private Gather batch(Waiting all) {
        Gather batch = buffers.batch();
        for (ByteBuffer next : all.queue) {
            if (batch.isFull()) {
                break;
            }
            if (next.isDirect()) {
                batch.add(next.duplicate());
            } else {
                batch.add(buffers.window(next.duplicate()));
                break;
            }
        }
        return batch;
    }

    private void remove(Waiting all, long written) {
        long left = written;
        while (!all.queue.isEmpty()) {
            ByteBuffer first = all.queue.getFirst();
            int part = (int) Math.min(left, first.remaining());
            first.position(first.position() + part);
            left -= part;
            if (first.hasRemaining()) {
                return;
            }
            all.queue.removeFirst();
            giveBack(all, first, all.copies.removeFirst());
        }
    }

    private void giveBack(Waiting all, ByteBuffer buffer, boolean copy) {
        charge(all, copy ? -buffer.capacity() : -REFERENCE_COST);
        if (copy) {
            buffers.chunks().giveBack(buffer);
        }
    }

    /** The socket has failed, or the link is closed for a failure: what waits is dropped, and stays counted as not sent. */
    void fail(long unsent) {
        end = End.FAILED;
        count(unsent);
        clear();
    }

    /** Drops what waits. */
    void clear() {
        Waiting all = waiting;
        if (all != null) {
            while (!all.queue.isEmpty()) {
                giveBack(all, all.queue.removeFirst(), all.copies.removeFirst());
            }
            forget(all);
        }
    }

    private void forget(Waiting all) {
        waiting = null;
        if (all.stall != null) {
            all.stall.over();
        }
    }

    /** What this costs the loop, in bytes of memory. */
    long cost() {
        return waiting == null ? 0 : waiting.cost;
    }
}
