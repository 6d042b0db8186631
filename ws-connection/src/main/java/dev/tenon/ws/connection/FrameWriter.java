package dev.tenon.ws.connection;

import dev.tenon.ws.extension.OutboundHandler;
import dev.tenon.ws.extension.SendMode;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.FrameEncoder;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The last outbound stage: encodes frames onto the wire. Small payloads are copied behind their header, so that many
 * frames are sent in one write. Large payloads are written without a copy, unless they have to be masked. Data frames
 * that exceed the maximum length are cut into fragments, which wait while enough bytes wait on the wire. The pieces of
 * one frame are sent as fragments, or are joined first, because the header contains the length of the frame.
 */
final class FrameWriter implements OutboundHandler {
    private static final VarHandle FRAGMENTS = FieldHandle.of(MethodHandles.lookup(), "fragments", FragmentQueue.class);

    /** Up to this length, a copy is cheaper than a separate buffer in a gathering write. */
    private static final int LARGEST_COPIED = 8 * 1024;

    private final FrameEncoder encoder;
    private final Wire wire;
    private final ConnectionOptions options;
    /** Whether frames that are too long are cut here, not before an extension. */
    private final boolean cuts;
    /** The longest payload that is copied behind its header at once; -1 while an earlier frame is not finished. */
    private int longestAtOnce;

    private @Nullable ByteAccumulator joined;
    /** The queue of frames that wait; null if it was never needed. */
    private @Nullable FragmentQueue fragments;

    private long written;
    private boolean unflushed;

    /**
     * Creates a writer.
     *
     * @param cuts whether frames that are too long are cut here
     */
    FrameWriter(FrameEncoder encoder, Wire wire, ConnectionOptions options, boolean cuts) {
        this.encoder = encoder;
        this.wire = wire;
        this.options = options;
        this.cuts = cuts;
        findLongestAtOnce();
    }

    boolean masks() {
        return encoder.headerLength(0) > 2;
    }

    // Frames

    @Override
    public void onFrame(FirstByte firstByte, ByteBuffer payload, boolean endOfFrame, SendMode mode) {
        if (endOfFrame && payload.remaining() <= longestAtOnce) {
            writeShort(firstByte, payload);
        } else {
            onOther(firstByte, payload, endOfFrame, mode);
        }
    }

    private void onOther(FirstByte firstByte, ByteBuffer payload, boolean endOfFrame, SendMode mode) {
        boolean whole = endOfFrame && payload.remaining() <= options.fragmentLength();
        if (cuts && (!whole || isCutting())) {
            wire.gather(() -> fragmentQueue().cut(firstByte, payload, endOfFrame, mode));
        } else {
            join(firstByte, payload, endOfFrame);
        }
        findLongestAtOnce();
    }

    /** Whether a frame is being cut, or frames wait in the queue. */
    private boolean isCutting() {
        return cuts && fragments != null && fragments.isBusy();
    }

    private void findLongestAtOnce() {
        boolean unfinished = joined != null || isCutting();
        longestAtOnce = unfinished ? -1 : cuts ? Math.min(LARGEST_COPIED, options.fragmentLength()) : LARGEST_COPIED;
    }

    private void join(FirstByte firstByte, ByteBuffer payload, boolean endOfFrame) {
        ByteBuffer whole = payload;
        if (!endOfFrame || joined != null) {
            if (joined == null) {
                joined = new ByteAccumulator();
            }
            joined.append(payload);
            if (!endOfFrame) {
                return;
            }
            whole = joined.view();
            joined = null;
        }
        write(firstByte, whole);
    }

    private void write(FirstByte firstByte, ByteBuffer payload) {
        if (payload.remaining() > LARGEST_COPIED) {
            writeLong(firstByte, payload);
        } else {
            writeShort(firstByte, payload);
        }
    }

    private void writeShort(FirstByte firstByte, ByteBuffer payload) {
        int length = payload.remaining();
        int total = encoder.headerLength(length) + length;
        count(total);
        encoder.encode(firstByte, payload, wire.reserve(total));
    }

    private void writeLong(FirstByte firstByte, ByteBuffer payload) {
        int length = payload.remaining();
        int headerLength = encoder.headerLength(length);
        count(headerLength + length);
        encoder.encodeHeader(firstByte, length, wire.reserve(headerLength));
        if (masks()) {
            while (payload.hasRemaining()) { // the payload is borrowed, so it is masked in a copy
                encoder.encodePayload(payload, wire.reserve(Math.min(payload.remaining(), Wire.MAX_RESERVE)));
            }
        } else {
            encoder.mask(payload); // only counts the bytes; an unmasked payload does not change
            wire.write(payload);
        }
    }

    /** Writes frames that are already encoded with their headers and form one message. */
    void writeEncoded(SharedFrame[] frames) {
        boolean waits = cuts && (frames.length > 1 || isCutting());
        for (SharedFrame frame : frames) {
            if (waits) {
                fragmentQueue().onShared(frame);
            } else {
                writeEncoded(frame);
            }
        }
        if (waits) {
            findLongestAtOnce();
        }
    }

    private void writeEncoded(SharedFrame frame) {
        count(frame.length());
        if (frame.length() <= LARGEST_COPIED) {
            wire.reserve(frame.length()).put(frame.bytes());
        } else {
            wire.writeShared(frame.buffer());
        }
    }

    // Fragments

    /** The queue of frames that wait; null if it was never needed. */
    @Nullable
    FragmentQueue fragments() {
        return fragments;
    }

    /** The same queue, as any thread sees it. */
    @Nullable
    FragmentQueue fragmentsSeenByAll() {
        return (FragmentQueue) FRAGMENTS.getOpaque(this);
    }

    private FragmentQueue fragmentQueue() {
        FragmentQueue queue = fragments;
        if (queue == null) {
            queue = addFragments();
            queue.into((firstByte, payload, end, mode) -> write(firstByte, payload), options.fragmentLength());
        }
        return queue;
    }

    /** Creates the queue for fragments. */
    FragmentQueue addFragments() {
        FragmentQueue queue = new FragmentQueue(wire, options.highWaterMark(), this::writeEncoded);
        FRAGMENTS.setRelease(this, queue);
        return queue;
    }

    /** Writes waiting fragments while few bytes wait on the wire. */
    void proceed() {
        if (fragments != null) {
            fragments.proceed();
            findLongestAtOnce();
        }
    }

    // Written bytes

    private void count(int length) {
        written += length;
        unflushed = true;
    }

    /** How many bytes were written so far. */
    long written() {
        return written;
    }

    /** The wire has tried to send all written bytes. */
    void flushed() {
        unflushed = false;
    }

    /** Whether there are written bytes that the wire has not tried to send. */
    boolean unflushed() {
        return unflushed;
    }

    /** The connection has ended: drops the frames that wait here. */
    void release() {
        joined = null;
    }
}
