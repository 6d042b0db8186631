package dev.tenon.ws.deflate;

import dev.tenon.ws.extension.OutboundHandler;
import dev.tenon.ws.extension.SendMode;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.Opcode;
import java.nio.ByteBuffer;
import java.util.zip.Deflater;

/**
 * The outbound stage: compresses messages (RFC 7692 §7.2.1).
 *
 * <p>Every piece ends in a flush, so that the peer can read it at once and the compressor holds nothing. Output that
 * does not fit into the buffer is sent in fragments. A whole message is sent uncompressed if compression does not make
 * it smaller; for a message that is longer than the buffer, its first 8 KiB decide.
 */
final class Deflation implements OutboundHandler {
    /** The length of 00 00 FF FF, which ends every flush and is left out at the end of a message (RFC 7692 §7.2.1). */
    private static final int TAIL = 4;
    /** How many bytes of a long message are compressed as a probe. */
    private static final int PROBE = 8 * 1024;
    /** The longest message that fits into the output buffer even if it grows, so that it needs no probe. */
    private static final int UNPROBED = DeflateCodec.ROOM - 1024;

    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

    private final OutboundHandler next;
    private final Compressor compressor;
    private final int minimumSize;

    private boolean compressing;
    /** Whether a compressed frame has begun and more pieces of it will follow. */
    private boolean inFrame;

    private boolean spilled;
    /** The header of the next frame of the message that is being compressed, without FIN. */
    private FirstByte upcoming = FirstByte.of(0);

    Deflation(OutboundHandler next, Compressor compressor, int minimumSize) {
        this.next = next;
        this.compressor = compressor;
        this.minimumSize = minimumSize;
    }

    @Override
    public void onFrame(FirstByte firstByte, ByteBuffer payload, boolean endOfFrame, SendMode mode) {
        Opcode opcode = firstByte.opcode();
        boolean begins = !compressing && (opcode == Opcode.TEXT || opcode == Opcode.BINARY);
        boolean last = firstByte.fin() && endOfFrame;
        if (begins && shouldCompress(payload, last, mode)) {
            upcoming = firstByte.withFin(false).withRsv(firstByte.rsv() | FirstByte.RSV1);
            compressing = true;
        } else if (!compressing || opcode.isControl() || opcode.isReserved()) {
            next.onFrame(firstByte, payload, endOfFrame, mode);
            return;
        } else if (!inFrame) { // a later frame keeps its own bits
            upcoming = upcoming.withRsv(upcoming.rsv() | firstByte.rsv());
        }
        inFrame = !endOfFrame;
        compressing = !last;
        compress(firstByte, payload, begins, last);
    }

    private boolean shouldCompress(ByteBuffer payload, boolean whole, SendMode mode) {
        return mode != SendMode.UNCOMPRESSED && !(whole && payload.remaining() < minimumSize);
    }

    private void compress(FirstByte firstByte, ByteBuffer payload, boolean begins, boolean last) {
        int from = payload.position();
        int to = payload.limit();
        boolean sent = false;
        DeflateCodec codec = compressor.acquire(begins);
        try {
            spilled = false;
            codec.output.clear();
            boolean whole = begins && last;
            boolean pays = !whole || probePays(codec, payload);
            if (pays) {
                deflate(codec, payload);
                pays = !whole || spilled || codec.output.position() - TAIL < to - from;
            }
            if (!pays) {
                next.onFrame(firstByte, payload.limit(to).position(from), true, SendMode.DEFAULT);
            } else {
                emitRest(codec.output, last);
                sent = true;
            }
        } finally {
            codec.deflater.setInput(EMPTY);
            compressor.release(codec, payload, from, to, sent, last);
        }
    }

    /**
     * Compresses the beginning of a long message and returns whether it got smaller. True without a probe for a short
     * message or a small window.
     */
    private boolean probePays(DeflateCodec codec, ByteBuffer payload) {
        int to = payload.limit();
        if (payload.remaining() <= UNPROBED || compressor.room() != Integer.MAX_VALUE) {
            return true;
        }
        codec.deflater.setInput(payload.limit(payload.position() + PROBE));
        flush(codec, Deflater.SYNC_FLUSH);
        payload.limit(to);
        return codec.output.position() < PROBE;
    }

    /** Compresses in segments, so that every back reference stays inside the window. */
    private void deflate(DeflateCodec codec, ByteBuffer payload) {
        int at = payload.position();
        int to = payload.limit();
        codec.deflater.setInput(payload);
        for (int room = compressor.room(); to - at > room; room = compressor.room()) {
            at += room;
            payload.limit(at);
            flush(codec, compressor.segmentFlush());
            compressor.nextSegment(codec, payload);
            payload.limit(to);
            codec.deflater.setInput(payload);
        }
        flush(codec, compressor.lastFlush(to - at));
    }

    private void flush(DeflateCodec codec, int mode) {
        Deflater deflater = codec.deflater;
        ByteBuffer output = codec.output;
        deflater.deflate(output, mode);
        while (!output.hasRemaining()) { // all bytes except the last four, which may be the tail
            int tail = output.getInt(output.position() - TAIL);
            emit(output.flip().limit(output.limit() - TAIL), false);
            output.clear().putInt(tail);
            spilled = true;
            deflater.deflate(output, mode);
        }
    }

    private void emitRest(ByteBuffer output, boolean last) {
        if (!last) {
            if (output.position() != 0) {
                emit(output.flip(), false);
            }
        } else if (output.position() == 0) { // an empty last piece: RFC 7692 §7.2.3.6
            emit(output.put((byte) 0).flip(), true);
        } else {
            emit(output.flip().limit(output.limit() - TAIL), true);
        }
    }

    private void emit(ByteBuffer compressed, boolean fin) {
        FirstByte firstByte = upcoming.withFin(fin);
        upcoming = upcoming.withOpcode(Opcode.CONTINUATION).withRsv(0);
        next.onFrame(firstByte, compressed, true, SendMode.DEFAULT);
    }
}
