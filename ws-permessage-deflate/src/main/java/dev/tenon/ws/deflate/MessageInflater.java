package dev.tenon.ws.deflate;

import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.FrameHandler;
import dev.tenon.ws.frame.MessageViolation;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.ProtocolException;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Inflates the messages of one connection, up to the longest allowed message, while the next handler is ready.
 */
final class MessageInflater {
    /**
     * The limit of final blocks in a message. Each one costs a new priming of the inflater, and a peer could send one
     * in every second byte.
     */
    private static final int MAX_RESTARTS = 1000;

    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

    private final FrameHandler next;
    private final InflaterLease lease;
    private final long maxMessageLength;

    /** Whether the next frame passed on continues the message. */
    private boolean begun;

    private boolean inCall;
    private boolean closed;
    private boolean anyInput;
    private long produced;
    private int restarts;
    /** How many bytes of the codec's output are in the window already. */
    private int recorded;

    private Opcode messageOpcode = Opcode.CONTINUATION;
    /** The RSV bits of other extensions on the first frame of the message. */
    private int messageRsv;

    MessageInflater(FrameHandler next, InflaterLease lease, long maxMessageLength) {
        this.next = next;
        this.lease = lease;
        this.maxMessageLength = maxMessageLength;
    }

    /** Begins a message with the first byte of its first frame. */
    void begin(FirstByte firstByte) {
        lease.begin();
        messageOpcode = firstByte.opcode();
        messageRsv = firstByte.rsv() & ~FirstByte.RSV1;
        begun = false;
        anyInput = false;
        produced = 0;
        restarts = 0;
    }

    /**
     * Inflates a piece and passes the output on.
     *
     * @return the rest of the piece, for {@link #inflateRest}, if the next handler is no longer ready: borrowed like
     *     the payload, and possibly empty; null if the piece is done
     */
    @Nullable
    ByteBuffer inflate(FirstByte firstByte, ByteBuffer payload, boolean endOfFrame) {
        anyInput |= payload.hasRemaining();
        if (lease.current() == null && lease.start(payload, firstByte.fin() && endOfFrame) == null) {
            return null;
        }
        return inflateRest(firstByte, lease.withWaiting(payload), endOfFrame);
    }

    /** Continues with the rest of a piece; see {@link #inflate}. */
    @Nullable
    ByteBuffer inflateRest(FirstByte firstByte, ByteBuffer rest, boolean endOfFrame) {
        InflateCodec codec = lease.current();
        boolean over = firstByte.fin() && endOfFrame;
        inCall = true;
        try {
            if (codec == null || inflate(codec, firstByte, rest, endOfFrame)) {
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

    /** Returns whether all input was inflated and the piece is done. */
    private boolean inflate(InflateCodec codec, FirstByte firstByte, ByteBuffer input, boolean endOfFrame) {
        FirstByte plain = begun
                ? firstByte.withOpcode(Opcode.CONTINUATION)
                : firstByte.withOpcode(messageOpcode).withRsv(messageRsv | (firstByte.rsv() & ~FirstByte.RSV1));
        codec.output.clear();
        recorded = 0;
        try {
            if (!inflateAll(codec, plain, input, false)) {
                return false;
            }
            if (firstByte.fin() && endOfFrame && anyInput) {
                finish(codec, plain);
            }
        } finally {
            codec.inflater.setInput(EMPTY);
        }
        if (!closed && (endOfFrame || codec.output.position() != 0)) {
            passOn(codec, plain, endOfFrame);
        }
        begun |= endOfFrame;
        return true;
    }

    /** RFC 7692 §7.2.2: appends the four bytes that the sender left out, and fails if the stream does not end there. */
    private void finish(InflateCodec codec, FirstByte plain) {
        if (codec.inflater.finished()) { // a final block, and nothing after it
            return;
        }
        boolean continues = lease.spansMessages();
        ByteBuffer end = continues ? codec.pause.rewind() : codec.end.rewind();
        inflateAll(codec, plain, end, true);
        if (!closed && (end.hasRemaining() || codec.inflater.finished() == continues)) {
            fail(codec, plain, malformed());
        }
        lease.messageCompleted();
    }

    /**
     * Returns whether all input was inflated; false if the next handler is no longer ready.
     *
     * @param empty whether the input must inflate to nothing
     */
    private boolean inflateAll(InflateCodec codec, FirstByte plain, ByteBuffer input, boolean empty) {
        Inflater inflater = codec.inflater;
        ByteBuffer output = codec.output;
        inflater.setInput(input);
        while (!closed) {
            inflateOnce(codec, plain, empty);
            if (closed) {
                return true;
            }
            if (!output.hasRemaining()) {
                passOn(codec, plain, false);
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

    private void inflateOnce(InflateCodec codec, FirstByte plain, boolean empty) {
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

    /** Returns whether the input is valid. If not, the output ends before the fault. */
    private static boolean inflatesValid(Inflater inflater, ByteBuffer output) {
        try {
            inflater.inflate(output);
            return true;
        } catch (DataFormatException e) {
            return false;
        }
    }

    /**
     * Passes on the output before a fault, then throws. So the first fault is reported, however the bytes are split.
     */
    private void fail(InflateCodec codec, FirstByte plain, ProtocolException fault) {
        if (codec.output.position() != 0) {
            passOn(codec, plain, false);
            codec.output.clear();
        }
        if (!closed) { // the next handler may have closed the connection
            throw fault;
        }
    }

    /** A final block ends a DEFLATE stream, but neither the message nor the window: RFC 7692 §7.2.3.4. */
    private void restart(InflateCodec codec, FirstByte plain, ByteBuffer input) {
        if (++restarts > MAX_RESTARTS) {
            fail(codec, plain, DeflateViolation.TOO_MANY_FINAL_BLOCKS.toException());
            return;
        }
        record(codec, codec.output.position());
        codec.inflater.reset();
        lease.window(codec).prime(codec.inflater);
        codec.inflater.setInput(input);
    }

    private void passOn(InflateCodec codec, FirstByte plain, boolean endOfFrame) {
        record(codec, codec.output.position()); // before the next handler is called, which may change the bytes
        recorded = 0;
        next.onFrame(plain, codec.output.flip(), endOfFrame);
    }

    private void record(InflateCodec codec, int to) {
        lease.window(codec).append(codec.output, recorded, to);
        recorded = to;
    }

    /** Frees everything; during a call, as soon as the call is over. */
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
