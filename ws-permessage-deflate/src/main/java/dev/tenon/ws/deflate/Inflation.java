package dev.tenon.ws.deflate;

import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.FrameHandler;
import dev.tenon.ws.frame.FrameHeader;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.ProtocolException;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/** The inbound stage: inflates messages whose first frame has RSV1 (RFC 7692 §7.2.2), within the output budget. */
final class Inflation implements FrameHandler {
    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

    private final FrameHandler next;
    private final CodecPool pool;
    private final long maxMessageLength;
    /** The codec of the compressed message that is under way, or null if there is none. */
    private @Nullable InflateCodec codec;

    private boolean inFrame;
    private boolean anyInput;
    private long produced;

    Inflation(FrameHandler next, CodecPool pool, long maxMessageLength) {
        this.next = next;
        this.pool = pool;
        this.maxMessageLength = Math.min(maxMessageLength, Long.MAX_VALUE / 4);
    }

    @Override
    public void onFrame(FrameHeader header, ByteBuffer payload, boolean endOfFrame) {
        Opcode opcode = header.opcode();
        if (opcode == Opcode.TEXT || opcode == Opcode.BINARY) {
            if (!inFrame) {
                begin(header);
            }
        } else if (header.rsv1()) { // RFC 7692 §6: only the first frame of a message may say that it is compressed
            throw new ProtocolException(CloseCode.PROTOCOL_ERROR, "RSV1 on a frame that does not begin a message");
        } else if (opcode != Opcode.CONTINUATION) {
            next.onFrame(header, payload, endOfFrame);
            return;
        }
        inFrame = !endOfFrame;
        if (codec == null) {
            next.onFrame(header, payload, endOfFrame);
        } else {
            inflate(codec, header, payload, endOfFrame);
        }
    }

    private void begin(FrameHeader header) {
        if (codec != null) {
            throw new ProtocolException(CloseCode.PROTOCOL_ERROR, "a message began inside another one");
        }
        if (header.rsv1()) {
            codec = pool.inflater();
            codec.inflater.reset();
            produced = 0;
            anyInput = false;
        }
    }

    private void inflate(InflateCodec codec, FrameHeader header, ByteBuffer payload, boolean endOfFrame) {
        FrameHeader plain = header.withRsv(header.rsv() & ~FrameHeader.RSV1);
        ByteBuffer output = codec.output.clear();
        try {
            anyInput |= payload.hasRemaining();
            inflateAll(codec, plain, output, payload);
            if (endOfFrame && header.fin() && anyInput) {
                finish(codec, plain, output);
            }
        } catch (DataFormatException e) {
            throw malformed();
        } finally {
            codec.inflater.setInput(EMPTY);
        }
        if (endOfFrame && header.fin()) {
            this.codec = null;
            try {
                next.onFrame(plain, output.flip(), true);
            } finally {
                pool.release(codec);
            }
        } else if (endOfFrame || output.position() != 0) {
            next.onFrame(plain, output.flip(), endOfFrame);
        }
    }

    private void finish(InflateCodec codec, FrameHeader plain, ByteBuffer output) throws DataFormatException {
        if (!codec.inflater.finished()) { // as after a final block that nothing follows
            ByteBuffer end = codec.end.rewind();
            inflateAll(codec, plain, output, end);
            if (!codec.inflater.finished() || end.hasRemaining()) {
                throw malformed();
            }
        }
    }

    private void inflateAll(InflateCodec codec, FrameHeader plain, ByteBuffer output, ByteBuffer input)
            throws DataFormatException {
        Inflater inflater = codec.inflater;
        inflater.setInput(input);
        while (true) {
            int room = (int) Math.min(output.capacity(), output.position() + maxMessageLength - produced + 1);
            produced += inflater.inflate(output.limit(room));
            if (produced > maxMessageLength) {
                throw new ProtocolException(CloseCode.MESSAGE_TOO_BIG, "the message is longer than this end accepts");
            }
            if (!output.hasRemaining()) {
                next.onFrame(plain, output.flip(), false);
                output.clear();
            } else if (inflater.finished() && input.hasRemaining()) {
                // A final block ends a DEFLATE stream, not the message: RFC 7692 §7.2.3.5
                inflater.reset();
                inflater.setInput(input);
            } else {
                return;
            }
        }
    }

    void close() {
        if (codec != null) {
            codec.end();
            codec = null;
        }
    }

    private static ProtocolException malformed() {
        return new ProtocolException(CloseCode.INVALID_PAYLOAD_DATA, "the message is not valid DEFLATE data");
    }
}
