package dev.tenon.ws.deflate;

import dev.tenon.ws.frame.FrameHandler;
import dev.tenon.ws.frame.FrameHeader;
import dev.tenon.ws.frame.MessageViolation;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.ProtocolException;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Inflates the messages of one connection, one after the other, within the output budget, for as long as the next handler
 * is ready.
 */
final class MessageInflater {
    /** Each costs as much as priming an inflater does, and could come in every second byte. */
    private static final int MAX_RESTARTS = 1000;

    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

    private final FrameHandler next;
    private final InflaterLease lease;
    private final long maxMessageLength;

    /** The next frame handed on continues the message. */
    private boolean begun;

    private boolean inCall;
    private boolean closed;
    private boolean anyInput;
    private long produced;
    private int restarts;
    /** The part of the codec's output that stands in the window already. */
    private int recorded;

    private Opcode messageOpcode = Opcode.CONTINUATION;
    /** The bits of others on the first frame of the message. */
    private int messageRsv;

    MessageInflater(FrameHandler next, InflaterLease lease, long maxMessageLength) {
        this.next = next;
        this.lease = lease;
        this.maxMessageLength = maxMessageLength;
    }

    /** Begins a message with its first header. */
    void begin(FrameHeader header) {
        lease.begin();
        messageOpcode = header.opcode();
        messageRsv = header.rsv() & ~FrameHeader.RSV1;
        begun = false;
        anyInput = false;
        produced = 0;
        restarts = 0;
    }

    /**
     * Inflates a piece and hands on what comes of it.
     *
     * @return what is left of the piece because the next handler is not ready any more, for {@link #inflateRest}: borrowed
     *     like the payload, and perhaps without bytes; null if nothing is
     */
    @Nullable
    ByteBuffer inflate(FrameHeader header, ByteBuffer payload, boolean endOfFrame) {
        anyInput |= payload.hasRemaining();
        if (lease.current() == null && lease.start(payload, header.fin() && endOfFrame) == null) {
            return null;
        }
        return inflateRest(header, lease.withWaiting(payload), endOfFrame);
    }

    /** Goes on with what was left of a piece; see {@link #inflate}. */
    @Nullable
    ByteBuffer inflateRest(FrameHeader header, ByteBuffer rest, boolean endOfFrame) {
        InflateCodec codec = lease.current();
        boolean over = header.fin() && endOfFrame;
        inCall = true;
        try {
            if (codec == null || inflate(codec, header, rest, endOfFrame)) {
                return null;
            }
            over = false;
            return rest;
        } finally {
            inCall = false;
            if (closed) {
                lease.release();
            } else if (over) {
                lease.end();
            }
        }
    }

    /** Returns whether all of the input was taken, and the piece is over. */
    private boolean inflate(InflateCodec codec, FrameHeader header, ByteBuffer input, boolean endOfFrame) {
        FrameHeader plain = begun
                ? header.withOpcode(Opcode.CONTINUATION)
                : header.withOpcode(messageOpcode).withRsv(messageRsv | (header.rsv() & ~FrameHeader.RSV1));
        codec.output.clear();
        recorded = 0;
        try {
            if (!inflateAll(codec, plain, input, false)) {
                return false;
            }
            if (header.fin() && endOfFrame && anyInput) {
                finish(codec, plain);
            }
        } finally {
            codec.inflater.setInput(EMPTY);
        }
        if (!closed && (endOfFrame || codec.output.position() != 0)) {
            handOn(codec, plain, endOfFrame);
        }
        begun |= endOfFrame;
        return true;
    }

    /** RFC 7692 §7.2.2: appends what the sender left out, and fails what does not end there. */
    private void finish(InflateCodec codec, FrameHeader plain) {
        if (codec.inflater.finished()) { // a final block, and nothing after it
            return;
        }
        boolean goesOn = lease.goesOn();
        ByteBuffer end = goesOn ? codec.pause.rewind() : codec.end.rewind();
        inflateAll(codec, plain, end, true);
        if (!closed && (end.hasRemaining() || codec.inflater.finished() == goesOn)) {
            fail(codec, plain, malformed());
        }
        lease.messageWasWhole();
    }

    /**
     * Returns whether all was taken; not, if the next handler has had enough.
     *
     * @param empty whether the input has to inflate to nothing
     */
    private boolean inflateAll(InflateCodec codec, FrameHeader plain, ByteBuffer input, boolean empty) {
        Inflater inflater = codec.inflater;
        ByteBuffer output = codec.output;
        inflater.setInput(input);
        while (!closed) {
            inflateOnce(codec, plain, empty);
            if (closed) {
                return true;
            }
            if (!output.hasRemaining()) {
                handOn(codec, plain, false);
                output.clear();
                if (!next.isReady()) {
                    return false;
                }
            } else if (inflater.finished() && input.hasRemaining()) {
                restart(codec, plain, input);
            } else {
                return true;
            }
        }
        return true;
    }

    private void inflateOnce(InflateCodec codec, FrameHeader plain, boolean empty) {
        ByteBuffer output = codec.output;
        int start = output.position();
        output.limit((int) Math.min(output.capacity(), start + maxMessageLength - produced + 1));
        boolean valid = inflatesValid(codec.inflater, output);
        if (empty && output.position() != start) {
            output.position(start);
            valid = false;
        }
        produced += output.position() - start;
        if (produced > maxMessageLength) {
            output.position(output.position() - (int) (produced - maxMessageLength));
            fail(codec, plain, tooLong());
        } else if (!valid) {
            fail(codec, plain, malformed());
        }
    }

    /** Returns whether the input is valid; if not, what comes before the fault is put out. */
    private static boolean inflatesValid(Inflater inflater, ByteBuffer output) {
        try {
            inflater.inflate(output);
            return true;
        } catch (DataFormatException e) {
            return false;
        }
    }

    /**
     * Hands on what stands before a fault, and throws it. So faults are told in the order of the bytes, into whatever pieces
     * these are cut.
     */
    private void fail(InflateCodec codec, FrameHeader plain, ProtocolException fault) {
        if (codec.output.position() != 0) {
            handOn(codec, plain, false);
            codec.output.clear();
        }
        if (!closed) { // the next handler may have ended it all
            throw fault;
        }
    }

    /** A final block ends a DEFLATE stream, but neither the message nor the window: RFC 7692 §7.2.3.4. */
    private void restart(InflateCodec codec, FrameHeader plain, ByteBuffer input) {
        if (++restarts > MAX_RESTARTS) {
            fail(codec, plain, DeflateViolation.TOO_MANY_FINAL_BLOCKS.toException());
            return;
        }
        record(codec, codec.output.position());
        codec.inflater.reset();
        lease.window(codec).prime(codec.inflater);
        codec.inflater.setInput(input);
    }

    private void handOn(InflateCodec codec, FrameHeader plain, boolean endOfFrame) {
        record(codec, codec.output.position()); // before the next handler, which may change the bytes
        recorded = 0;
        next.onFrame(plain, codec.output.flip(), endOfFrame);
    }

    private void record(InflateCodec codec, int to) {
        lease.window(codec).append(codec.output, recorded, to);
        recorded = to;
    }

    /** Gives everything back; when called from within a call, as soon as that is over. */
    void close() {
        closed = true;
        lease.dropWindow();
        if (!inCall) {
            lease.release();
        }
    }

    private static ProtocolException tooLong() {
        return MessageViolation.MESSAGE_TOO_LONG.toException();
    }

    private static ProtocolException malformed() {
        return DeflateViolation.DATA_MALFORMED.toException();
    }
}
