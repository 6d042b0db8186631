package dev.tenon.ws.deflate;

import dev.tenon.ws.frame.FrameHandler;
import dev.tenon.ws.frame.FrameHeader;
import dev.tenon.ws.frame.Opcode;
import java.nio.ByteBuffer;
import java.util.zip.Deflater;

/**
 * The outbound stage: compresses messages (RFC 7692 §7.2.1).
 *
 * <p>Every piece ends in a flush, so that it reaches the peer and the codec can go back at once. What does not fit into
 * the codec's output leaves in fragments.
 */
final class Deflation implements FrameHandler {
    /** What a flush ends in, and what the last one of a message leaves out. */
    static final int TAIL = 4;

    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);
    private static final int MINIMUM_SIZE = 64;

    private final FrameHandler next;
    private final CodecPool pool;
    private boolean compressing;
    /** The header of the next frame of the message that is being compressed, without FIN. */
    private FrameHeader upcoming = FrameHeader.of(0);

    Deflation(FrameHandler next, CodecPool pool) {
        this.next = next;
        this.pool = pool;
    }

    @Override
    public void onFrame(FrameHeader header, ByteBuffer payload, boolean endOfFrame) {
        Opcode opcode = header.opcode();
        boolean begins = opcode == Opcode.TEXT || opcode == Opcode.BINARY;
        if (begins && !compressing && !(header.fin() && endOfFrame && payload.remaining() < MINIMUM_SIZE)) {
            compressing = true;
            upcoming = header.withFin(false).withRsv(header.rsv() | FrameHeader.RSV1);
        } else if (!compressing || (!begins && opcode != Opcode.CONTINUATION)) {
            next.onFrame(header, payload, endOfFrame);
            return;
        }
        boolean last = header.fin() && endOfFrame;
        DeflateCodec codec = pool.deflater();
        try {
            compress(codec, payload, last);
        } finally {
            codec.deflater.setInput(EMPTY);
            pool.release(codec);
        }
        compressing = !last;
    }

    private void compress(DeflateCodec codec, ByteBuffer payload, boolean last) {
        Deflater deflater = codec.deflater;
        ByteBuffer output = codec.output.clear();
        deflater.reset();
        deflater.setInput(payload);
        deflater.deflate(output, Deflater.SYNC_FLUSH);
        while (!output.hasRemaining()) {
            int tail = output.getInt(output.position() - TAIL);
            emit(output.position(output.position() - TAIL).flip(), false);
            output.clear().putInt(tail);
            deflater.deflate(output, Deflater.SYNC_FLUSH);
        }
        emit(output.flip().limit(last ? output.limit() - TAIL : output.limit()), last);
    }

    private void emit(ByteBuffer compressed, boolean fin) {
        FrameHeader header = upcoming.withFin(fin);
        upcoming = upcoming.withOpcode(Opcode.CONTINUATION).withRsv(upcoming.rsv() & ~FrameHeader.RSV1);
        next.onFrame(header, compressed, true);
    }
}
