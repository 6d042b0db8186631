package dev.tenon.ws.connection;

import dev.tenon.ws.extension.OutboundHandler;
import dev.tenon.ws.extension.SendMode;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.FrameEncoder;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The outbound end of the stream: encodes frames onto the wire. Small payloads are copied beside their header, so that
 * many frames leave in one write; large ones are written from where they are. Data frames that are longer than they may be
 * are cut into fragments, which wait while enough waits on the wire. Pieces of one frame are joined first, because a frame's
 * length goes ahead of it, or leave as fragments.
 */
final class FrameWriter implements OutboundHandler {
    private static final VarHandle FRAGMENTS = FieldHandle.of(MethodHandles.lookup(), "fragments", FragmentQueue.class);

    /** Up to here a copy is cheaper than an entry of its own in a gathering write. */
    private static final int LARGEST_COPIED = 8 * 1024;

    private final FrameEncoder encoder;
    private final Wire wire;
    private final ConnectionOptions options;
    /** Whether frames that are too long are cut here, and not before an extension. */
    private final boolean cuts;
    /** The longest payload that is copied beside its header at once; -1 while another frame has to be finished before. */
    private int longestAtOnce;

    private @Nullable ByteAccumulator joined;
    /** Where frames wait; null if none was ever too long. */
    private @Nullable FragmentQueue fragments;

    private long written;
    private boolean unflushed;

    /**
     * A writer.
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
            fragmentQueue().cut(firstByte, payload, endOfFrame, mode);
        } else {
            join(firstByte, payload, endOfFrame);
        }
        findLongestAtOnce();
    }

    /** Whether a frame is being cut, or fragments wait. */
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
            while (payload.hasRemaining()) { // the payload is borrowed: it is masked in a copy
                encoder.encodePayload(payload, wire.reserve(Math.min(payload.remaining(), Wire.MAX_RESERVE)));
            }
        } else {
            encoder.mask(payload); // accounts for it, no more
            wire.write(payload);
        }
    }

    /** Writes frames that were encoded before, header and all: one message. */
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
            wire.writeShared(frame.view());
        }
    }

    // Fragments

    /** Where frames wait; null if none was ever too long. */
    @Nullable
    FragmentQueue fragments() {
        return fragments;
    }

    /** The same, as any thread sees it. */
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

    /** A queue for fragments, from now on. */
    FragmentQueue addFragments() {
        FragmentQueue queue = new FragmentQueue(wire, options.highWaterMark(), this::writeEncoded);
        FRAGMENTS.setRelease(this, queue);
        return queue;
    }

    /** Lets fragments pass as long as little waits on the wire. */
    void proceed() {
        if (fragments != null) {
            fragments.proceed();
            findLongestAtOnce();
        }
    }

    // What was written

    private void count(int length) {
        written += length;
        unflushed = true;
    }

    /** How many bytes were written so far. */
    long written() {
        return written;
    }

    /** All that was written has been tried. */
    void flushed() {
        unflushed = false;
    }

    /** Whether something was written that has not been tried yet. */
    boolean unflushed() {
        return unflushed;
    }

    /** What waits here will never leave. */
    void release(IOException lost) {
        joined = null;
        if (fragments != null) {
            fragments.release(lost);
        }
    }
}
