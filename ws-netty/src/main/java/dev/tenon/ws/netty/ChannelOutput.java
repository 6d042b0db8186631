package dev.tenon.ws.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a connection writes: gathered during an event in one buffer, in several if it is long, and handed to the channel at
 * the end of the event. Counts what the channel has not written yet. For the event loop's own thread, but for
 * {@link #backlog} and {@link #hasFailed}.
 *
 * <pre>
 *     buffer   | written … | room … |        room is a view of the buffer, whose position is the end of what was written
 * </pre>
 */
final class ChannelOutput {
    private static final int SMALLEST = 256;
    private static final int LARGEST = 32 * 1024;
    /** From here on it is cheaper to hand a shared frame on than to copy it. */
    private static final int SHORTEST_SHARED = 4 * 1024;

    private final Carrier carrier;
    private final Runnable progressed;

    private @Nullable ByteBuf buffer;
    private @Nullable ByteBuffer room;
    /** What the next buffer has room for: about as much as the last event has written. */
    private int size = SMALLEST;

    private int written;

    /** The newest write since the last flush, and its length. */
    private @Nullable ChannelFuture newest;

    private int newestLength;
    private long pending;
    private boolean flushing;
    private volatile long backlog;
    private volatile boolean failed;

    /** {@code progressed} is called when the channel has written something of the backlog, outside of a flush. */
    ChannelOutput(Carrier carrier, Runnable progressed) {
        this.carrier = carrier;
        this.progressed = progressed;
    }

    ByteBuffer reserve(int length) {
        ByteBuffer known = room;
        return known != null && known.remaining() >= length ? known : next(length);
    }

    private ByteBuffer next(int length) {
        seal();
        ByteBuf fresh = carrier.allocate(Math.max(length, Math.min(size, LARGEST)));
        ByteBuffer view = fresh.internalNioBuffer(0, fresh.capacity());
        buffer = fresh;
        room = view;
        return view;
    }

    void write(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            ByteBuffer known = room;
            ByteBuffer to = known != null && known.hasRemaining() ? known : next(Math.min(bytes.remaining(), LARGEST));
            int length = Math.min(to.remaining(), bytes.remaining());
            to.put(to.position(), bytes, bytes.position(), length);
            to.position(to.position() + length);
            bytes.position(bytes.position() + length);
        }
    }

    /** A frame that never changes is handed on as it is, if it lies where a socket can take it from. */
    void writeShared(ByteBuffer frame) {
        if (frame.isDirect() && frame.remaining() >= SHORTEST_SHARED) {
            seal();
            hand(Unpooled.wrappedBuffer(frame.slice()).asReadOnly(), frame.remaining());
            frame.position(frame.limit());
        } else {
            write(frame);
        }
    }

    /** Hands the buffer to the channel. */
    private void seal() {
        ByteBuf sealed = buffer;
        ByteBuffer view = room;
        if (sealed == null || view == null) {
            return;
        }
        int length = view.position();
        buffer = null;
        room = null;
        if (length == 0) {
            sealed.release();
        } else {
            hand(sealed.writerIndex(length), length);
        }
    }

    private void hand(ByteBuf bytes, int length) {
        ChannelFuture before = newest;
        if (before != null) {
            before.addListener(counting(newestLength));
        }
        written += length;
        pending += length;
        newest = carrier.write(bytes);
        newestLength = length;
    }

    /** How many bytes were handed to the channel since the last flush. */
    int unflushed() {
        return written;
    }

    /** Whether there is something to flush. */
    boolean isDirty() {
        return buffer != null || newest != null;
    }

    /** Has the channel write all that was written here; what it does not write at once is the backlog. */
    void flush() {
        seal();
        ChannelFuture last = newest;
        if (last == null) {
            return;
        }
        int length = newestLength;
        newest = null;
        size = Math.max(SMALLEST, Integer.highestOneBit(Math.max(1, Math.min(written, LARGEST) - 1)) << 1);
        written = 0;
        flushing = true;
        try {
            carrier.flush();
        } finally {
            flushing = false;
        }
        if (last.isSuccess()) {
            pending -= length;
        } else {
            last.addListener(counting(length));
        }
        if (backlog != pending) {
            backlog = pending;
        }
    }

    private ChannelFutureListener counting(int length) {
        return write -> {
            pending -= length;
            failed |= !write.isSuccess();
            if (!flushing && backlog > pending) {
                backlog = pending;
                progressed.run();
            }
        };
    }

    long backlog() {
        return backlog;
    }

    boolean hasFailed() {
        return failed;
    }

    /** Drops what was not handed to the channel; nothing is written any more. */
    void release() {
        failed = true;
        if (buffer != null) {
            buffer.release();
            buffer = null;
            room = null;
        }
    }
}
