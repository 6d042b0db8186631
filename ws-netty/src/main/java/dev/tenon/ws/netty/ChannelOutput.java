package dev.tenon.ws.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the bytes that a connection writes during an event, in one buffer, or in several if there are many bytes. Gives
 * them to the channel at the end of the event, and counts the bytes that the channel has not written yet. For the event
 * loop's own thread, except {@link #backlog} and {@link #hasFailed}.
 *
 * <p>While a connection of short frames receives, the first buffer is the loop's {@link OutputScratch}, if no other
 * connection has it.
 *
 * <pre>
 *     buffer   | written … | room … |        room is a view of the buffer; its position is the end of the written bytes
 * </pre>
 */
final class ChannelOutput {
    private static final int SMALLEST = 256;
    private static final int LARGEST = 32 * 1024;
    /** From this length on, passing a shared frame to the channel is cheaper than copying it. */
    private static final int SHORTEST_SHARED = 4 * 1024;
    /** Up to this average length of a frame, in bytes, one copy of all costs less than the accesses to a buffer of Netty. */
    private static final int LONGEST_GATHERED = 512;

    private final Carrier carrier;
    private final Runnable progressed;
    private final OutputScratch scratch;

    private @Nullable ByteBuf buffer;
    private @Nullable ByteBuffer room;
    /** The size of the first buffer of an event: about the number of bytes that the last events have written. */
    private int size = SMALLEST;
    /** The size of the next buffer. It doubles during an event, so that a long one after a short one takes few buffers. */
    private int nextSize = SMALLEST;

    private int written;
    /** The number of frames since the last flush. */
    private int frames;
    /** Whether the frames before the last flush were short. */
    private boolean isShort;

    /** The newest write since the last flush. {@link #newestLength} is its length. */
    private @Nullable ChannelFuture newest;

    private int newestLength;
    private long pending;
    private boolean flushing;
    private volatile long backlog;
    private volatile boolean failed;

    /**
     * Creates an output without bytes.
     *
     * @param progressed called when the channel has written a part of the backlog outside of a flush
     */
    ChannelOutput(Carrier carrier, Runnable progressed, OutputScratch scratch) {
        this.carrier = carrier;
        this.progressed = progressed;
        this.scratch = scratch;
    }

    /** Gathers the next bytes in the loop's scratch if it is free and pays, because {@link #flush} follows soon. */
    void gather() {
        if (isShort && room == null) {
            room = scratch.take();
        }
    }

    /** Room for a frame, of which the caller moves the position. */
    ByteBuffer reserve(int length) {
        frames++;
        ByteBuffer known = room;
        return known != null && known.remaining() >= length ? known : next(length);
    }

    private ByteBuffer next(int length) {
        seal();
        ByteBuf fresh = carrier.allocate(Math.max(length, nextSize));
        nextSize = Math.min(2 * nextSize, LARGEST);
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

    /** Writes a frame that never changes. A long frame in a direct buffer goes to the channel without a copy. */
    void writeShared(ByteBuffer frame) {
        if (frame.isDirect() && frame.remaining() >= SHORTEST_SHARED) {
            seal();
            handOver(Unpooled.wrappedBuffer(frame.slice()).asReadOnly(), frame.remaining());
        } else {
            write(frame.duplicate());
        }
    }

    /** Gives the buffer to the channel. */
    private void seal() {
        ByteBuffer view = room;
        ByteBuf filled = buffer;
        if (view == null) {
            return;
        }
        buffer = null;
        room = null; // before the copy, which may throw: the array is given back once
        int length = view.position();
        ByteBuf sealed = filled == null ? copyScratch(view, length) : filled.writerIndex(length);
        if (length > 0) {
            handOver(sealed, length);
        } else {
            sealed.release();
        }
    }

    private ByteBuf copyScratch(ByteBuffer view, int length) {
        try {
            return length == 0
                    ? Unpooled.EMPTY_BUFFER
                    : carrier.allocate(length).writeBytes(view.flip());
        } finally {
            scratch.giveBack();
        }
    }

    private void handOver(ByteBuf bytes, int length) {
        ChannelFuture before = newest;
        if (before != null) {
            before.addListener(counting(newestLength));
        }
        written += length;
        pending += length;
        newest = carrier.write(bytes);
        newestLength = length;
    }

    /** The number of bytes that were given to the channel since the last flush. */
    int unflushed() {
        return written;
    }

    /** Whether there are bytes to flush. */
    boolean isDirty() {
        return room != null || newest != null;
    }

    /** Flushes all written bytes. The bytes that the channel does not write at once are the backlog. */
    void flush() {
        seal();
        ChannelFuture last = newest;
        if (last == null) {
            return;
        }
        int length = newestLength;
        newest = null;
        int enough = Integer.highestOneBit(Math.max(SMALLEST, Math.min(written, LARGEST)) - 1) << 1;
        size = Math.max(enough, size / 2);
        nextSize = size;
        isShort = written < LONGEST_GATHERED * frames;
        written = 0;
        frames = 0;
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

    /** Drops the bytes that were not given to the channel. From now on, {@link #hasFailed} returns true. */
    void release() {
        failed = true;
        if (buffer != null) {
            buffer.release();
        } else if (room != null) {
            scratch.giveBack();
        }
        buffer = null;
        room = null;
    }
}
