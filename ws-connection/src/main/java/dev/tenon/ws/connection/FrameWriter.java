package dev.tenon.ws.connection;

import dev.tenon.ws.extension.OutboundHandler;
import dev.tenon.ws.extension.SendMode;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.FrameEncoder;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The outbound end of the stream: encodes frames onto the wire. Small payloads are copied beside their header, so that
 * many frames leave in one write; large ones are written from where they are. Pieces of one frame are joined first,
 * because a frame's length goes ahead of it.
 */
final class FrameWriter implements OutboundHandler {
    /** Up to here a copy is cheaper than an entry of its own in a gathering write. */
    private static final int LARGEST_COPIED = 8 * 1024;

    private final FrameEncoder encoder;
    private final Wire wire;
    private @Nullable ByteAccumulator joined;
    private long written;
    private boolean unflushed;

    FrameWriter(FrameEncoder encoder, Wire wire) {
        this.encoder = encoder;
        this.wire = wire;
    }

    boolean masks() {
        return encoder.headerLength(0) > 2;
    }

    @Override
    public void onFrame(FirstByte firstByte, ByteBuffer payload, boolean endOfFrame, SendMode mode) {
        int length = payload.remaining();
        if (!endOfFrame || joined != null || length > LARGEST_COPIED) {
            onPart(firstByte, payload, endOfFrame);
            return;
        }
        writeShort(firstByte, payload);
    }

    private void writeShort(FirstByte firstByte, ByteBuffer payload) {
        int length = payload.remaining();
        int total = encoder.headerLength(length) + length;
        count(total);
        encoder.encode(firstByte, payload, wire.reserve(total));
    }

    private void onPart(FirstByte firstByte, ByteBuffer payload, boolean endOfFrame) {
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
        if (whole.remaining() > LARGEST_COPIED) {
            writeLong(firstByte, whole);
        } else {
            writeShort(firstByte, whole);
        }
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

    /** Writes a frame that was encoded before, header and all. */
    void writeEncoded(SharedFrame frame) {
        count(frame.length());
        if (frame.length() <= LARGEST_COPIED) {
            wire.reserve(frame.length()).put(frame.bytes());
        } else {
            wire.writeShared(frame.view());
        }
    }

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

    void release() {
        joined = null;
    }
}
