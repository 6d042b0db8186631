package dev.tenon.ws.transport;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The outbound bytes of one socket. Bytes that the socket accepts at once are never stored; the rest waits in order, as
 * {@link WaitingBytes}.
 *
 * <pre>
 *     socket ← waiting ← [cork's parts] [borrowed body]
 * </pre>
 *
 * It owns no buffer while no bytes wait. For the thread of its loop; {@link #backlog()} is safe from any.
 */
class Outflow {
    /** The action after the last byte, or the final state. */
    enum End {
        /** No action: more bytes may follow. */
        OPEN,
        /** Shut down the outbound direction. */
        SHUT_DOWN,
        /** Close the socket. */
        CLOSE,
        /** A write or the link has failed. No more bytes are sent or counted. */
        FAILED
    }

    /** The budget of bytes for one connection in a turn of the loop. */
    private static final long TURN_BYTES = 1024 * 1024;
    /** Shorter frames are copied, because a reference costs as much. */
    private static final int SHORTEST_REFERENCE = 256;

    private static final VarHandle BACKLOG;

    static {
        try {
            BACKLOG = MethodHandles.lookup().findVarHandle(Outflow.class, "backlog", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Socket socket;
    private final LoopBuffers buffers;
    private @Nullable WaitingBytes waiting;
    /** Written on the loop only; other threads need no order of it with anything else, so it is not volatile. */
    private long backlog;

    /** Null if the protocol has never held anything back. */
    private @Nullable HeldBack heldBack;

    private End end = End.OPEN;

    Outflow(Socket socket, LoopBuffers buffers) {
        this.socket = socket;
        this.buffers = buffers;
    }

    final Socket socket() {
        return socket;
    }

    final End end() {
        return end;
    }

    /** Sets the action after the last byte; a failure is final. */
    final void endWith(End next) {
        if (end != End.FAILED) {
            end = next;
        }
    }

    final boolean hasFailed() {
        return end == End.FAILED;
    }

    final boolean isEmpty() {
        return waiting == null || waiting.isEmpty();
    }

    /** How many bytes wait; after a failure, how many were not sent. */
    final long backlog() {
        return (long) BACKLOG.getOpaque(this);
    }

    /**
     * Sends buffers in order, and borrowed bytes behind them. Queues bytes that the socket does not accept.
     *
     * @param gathered sent first; its buffers are used up
     * @param body borrowed until this returns, then used up; or null
     * @return whether bytes have begun to wait
     * @throws IOException if the socket fails
     */
    final boolean send(GatheredBuffers gathered, @Nullable ByteBuffer body) throws IOException {
        boolean waited = !isEmpty();
        if (end == End.FAILED) {
            count(gathered.remaining() + (body == null ? 0 : body.remaining()));
        } else if (waited) {
            queue(gathered);
        } else if (body == null || body.isDirect()) {
            if (body != null) {
                gathered.add(body);
            }
            write(gathered);
            queue(gathered);
        } else {
            writeInWindows(gathered, body);
        }
        if (body != null && end != End.FAILED) {
            append(body, body.remaining());
        }
        return !waited && !isEmpty();
    }

    /**
     * Sends heap bytes through a buffer of the loop, because the JDK would keep a direct buffer of the whole length for
     * each thread.
     */
    private void writeInWindows(GatheredBuffers gathered, ByteBuffer body) throws IOException {
        while (isEmpty() && (body.hasRemaining() || !gathered.isEmpty())) {
            try {
                gathered.add(buffers.window(body));
                write(gathered);
                queue(gathered);
            } finally { // the loop owns the buffers, and the next sender may be another link
                gathered.clear();
            }
        }
    }

    private void write(GatheredBuffers gathered) throws IOException {
        long before = gathered.remaining();
        if (before == 0) {
            return;
        }
        try {
            long written = gathered.count() == 1
                    ? socket.write(gathered.get(0))
                    : socket.write(gathered.array(), gathered.count());
            buffers.counters().wrote(written);
        } catch (IOException e) {
            fail(gathered.remaining());
            throw e;
        }
    }

    /** Queues the rest of some buffers. */
    private void queue(GatheredBuffers gathered) {
        for (int i = 0; i < gathered.count(); i++) {
            ByteBuffer part = gathered.get(i);
            int length = part.remaining();
            ByteBuffer frame = gathered.sharedFrame(i);
            if (frame != null && length >= SHORTEST_REFERENCE) {
                waiting().addReference(part, frame);
                count(length);
            } else {
                append(part, length);
            }
        }
    }

    /** Copies bytes behind the waiting ones and moves their position. */
    private void append(ByteBuffer bytes, int length) {
        if (length > 0) {
            waiting().copy(bytes, backlog);
            count(length);
        }
    }

    private WaitingBytes waiting() {
        WaitingBytes all = waiting;
        if (all == null) {
            all = new WaitingBytes(buffers, buffers.stalled(socket));
            waiting = all;
        }
        return all;
    }

    private void count(long bytes) {
        BACKLOG.setOpaque(this, backlog + bytes);
    }

    /** Counts bytes that are lost, because the link fails before they reach this class. */
    final void addUnsent(long bytes) {
        count(bytes);
    }

    /** The protocol holds more bytes back, or fewer: fragments that it will write when there is room. */
    final void hold(long change) {
        heldBack().add(change);
        endStall();
    }

    /** The protocol holds a shared frame back. */
    final void hold(ByteBuffer frame) {
        heldBack().add(frame);
    }

    /** The protocol no longer holds back the shared frame that it has held longest. */
    final void releaseFrame() {
        heldBack().removeFrame();
        endStall();
    }

    private HeldBack heldBack() {
        HeldBack all = heldBack;
        if (all == null) {
            all = new HeldBack(buffers);
            heldBack = all;
        }
        return all;
    }

    /** Forgets what the protocol holds back: it will never be written. */
    final void forgetHeld() {
        if (heldBack != null) {
            heldBack.clear();
        }
    }

    /**
     * Writes waiting bytes, up to the budget.
     *
     * @return whether no bytes wait any more
     * @throws IOException if the socket fails
     */
    final boolean drain() throws IOException {
        WaitingBytes all = waiting;
        long budget = TURN_BYTES;
        while (all != null && budget > 0 && !all.isEmpty()) {
            long written = writeBatch(all);
            if (written == 0) {
                return false;
            }
            budget -= written;
        }
        endStall();
        return isEmpty();
    }

    /** The peer has taken all; but while the protocol holds something back, more follows, and it is the same stall. */
    private void endStall() {
        if (isEmpty() && (heldBack == null || heldBack.isEmpty())) {
            clear();
        }
    }

    /** Writes the first waiting buffers; returns 0 if the socket has not accepted all of them. */
    private long writeBatch(WaitingBytes all) throws IOException {
        GatheredBuffers batch = all.batch();
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
        all.remove(written);
        return written < length ? 0 : written;
    }

    /** The socket or the link has failed. Drops waiting bytes, which stay counted as not sent. */
    final void fail(long unsent) {
        end = End.FAILED;
        count(unsent);
        clear();
    }

    /** Drops waiting bytes. */
    final void clear() {
        WaitingBytes all = waiting;
        waiting = null;
        if (all != null) {
            all.end();
        }
    }

    /** The memory of the waiting bytes, and of those that the protocol holds back. */
    final long cost() {
        return (heldBack == null ? 0 : heldBack.cost()) + (waiting == null ? 0 : waiting.cost());
    }
}
