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

/**
 * Inflates the messages of one connection, one after the other, within the output budget, for as long as the next handler
 * is ready.
 *
 * <p>In {@link MemoryMode#DEDICATED} the inflater stays until the end of the connection and remembers by itself. Pooled,
 * a message that comes in several calls keeps its inflater in between, because zlib's state in the midst of a block
 * cannot be put aside. Where too many are kept already, the compressed bytes wait instead, and the inflater comes at
 * the end of the message, or as soon as the peer has sent about as much as an inflater takes.
 */
final class MessageInflater {
    /** Compressed bytes that wait at most: what has been paid for with as many may have an inflater of its own. */
    static final int MAX_WAITING = 32 * 1024;

    /** Each costs as much as priming an inflater does, and could come in every second byte. */
    private static final int MAX_RESTARTS = 1000;

    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

    private final FrameHandler next;
    private final CodecPool pool;
    private final long maxMessageLength;
    /** What the peer's next message may refer to, or null if each is on its own. */
    private final @Nullable History context;

    private final MemoryMode memory;

    private @Nullable InflateCodec codec;
    /** The codec is at work on the message. */
    private boolean started;

    private @Nullable History waiting;
    /** The next frame handed on continues the message. */
    private boolean begun;

    private boolean inCall;
    private boolean closed;
    private boolean anyInput;
    /** The inflater stands behind the last byte of {@link #context}, between two blocks. */
    private boolean primed;

    private long produced;
    private int restarts;
    /** The part of the codec's output that stands in the window already. */
    private int recorded;

    private Opcode messageOpcode = Opcode.CONTINUATION;
    /** The bits of others on the first frame of the message. */
    private int messageRsv;

    MessageInflater(
            FrameHandler next, CodecPool pool, long maxMessageLength, @Nullable History context, MemoryMode memory) {
        this.next = next;
        this.pool = pool;
        this.maxMessageLength = maxMessageLength;
        this.context = context;
        this.memory = memory;
    }

    /** Begins a message with its first header. */
    void begin(FrameHeader header) {
        messageOpcode = header.opcode();
        messageRsv = header.rsv() & ~FrameHeader.RSV1;
        begun = false;
        anyInput = false;
        waiting = null;
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
        boolean last = header.fin() && endOfFrame;
        InflateCodec inflater = started ? codec : start(payload, last);
        if (inflater == null) {
            return null;
        }
        ByteBuffer input = payload;
        if (waiting != null) {
            ByteBuffer first = waiting.view();
            input = ByteBuffer.allocate(first.remaining() + payload.remaining());
            input.put(first).put(payload).flip();
            waiting = null;
        }
        return inflateRest(header, input, endOfFrame);
    }

    /** Goes on with what was left of a piece; see {@link #inflate}. */
    @Nullable
    ByteBuffer inflateRest(FrameHeader header, ByteBuffer rest, boolean endOfFrame) {
        boolean over = header.fin() && endOfFrame;
        inCall = true;
        try {
            InflateCodec inflater = codec;
            if (inflater == null || inflate(inflater, header, rest, endOfFrame)) {
                return null;
            }
            over = false;
            return rest;
        } finally {
            inCall = false;
            if (over || closed) {
                end();
            }
        }
    }

    private void end() {
        waiting = null;
        started = false;
        if (closed || memory == MemoryMode.POOLED) {
            release();
        }
    }

    /** Takes an inflater for this message, or lets the payload wait and returns null. */
    private @Nullable InflateCodec start(ByteBuffer payload, boolean last) {
        InflateCodec taken = codec == null ? take(payload, last) : codec;
        if (taken == null) {
            if (waiting == null) {
                waiting = new History(MAX_WAITING);
            }
            waiting.append(payload, payload.position(), payload.limit());
            return null;
        }
        codec = taken;
        started = true;
        if (context == null) {
            taken.inflater.reset();
            taken.window.clear();
        } else if (!primed) {
            taken.inflater.reset();
            context.prime(taken.inflater);
        }
        primed = false;
        return taken;
    }

    private @Nullable InflateCodec take(ByteBuffer payload, boolean last) {
        int wouldWait = payload.remaining() + (waiting == null ? 0 : waiting.length());
        boolean now = last || wouldWait > MAX_WAITING || memory == MemoryMode.DEDICATED;
        return now ? pool.inflater() : pool.inflaterToKeep();
    }

    /** Returns whether all of the input was taken, and the piece is over. */
    private boolean inflate(InflateCodec codec, FrameHeader header, ByteBuffer input, boolean endOfFrame) {
        FrameHeader plain = begun
                ? header.withOpcode(Opcode.CONTINUATION)
                : header.withOpcode(messageOpcode).withRsv(messageRsv | (header.rsv() & ~FrameHeader.RSV1));
        codec.output.clear();
        recorded = 0;
        try {
            if (!inflateAll(codec, plain, input)) {
                return false;
            }
            if (header.fin() && endOfFrame && anyInput) {
                finish(codec, plain);
            }
        } catch (DataFormatException e) {
            throw malformed();
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
    private void finish(InflateCodec codec, FrameHeader plain) throws DataFormatException {
        if (codec.inflater.finished()) { // a final block, and nothing after it
            return;
        }
        boolean goesOn = memory == MemoryMode.DEDICATED && context != null;
        ByteBuffer end = goesOn ? codec.pause.rewind() : codec.end.rewind();
        long before = produced;
        inflateAll(codec, plain, end);
        if (!closed && (produced != before || end.hasRemaining() || codec.inflater.finished() == goesOn)) {
            throw malformed();
        }
        primed = goesOn;
    }

    /** Returns whether all was taken; not, if the next handler has had enough. */
    private boolean inflateAll(InflateCodec codec, FrameHeader plain, ByteBuffer input) throws DataFormatException {
        Inflater inflater = codec.inflater;
        ByteBuffer output = codec.output;
        inflater.setInput(input);
        while (!closed) {
            int room = (int) Math.min(output.capacity(), output.position() + maxMessageLength - produced + 1);
            produced += inflater.inflate(output.limit(room));
            if (produced > maxMessageLength) {
                throw new ProtocolException(CloseCode.MESSAGE_TOO_BIG, "the message is longer than this end accepts");
            }
            if (!output.hasRemaining()) {
                handOn(codec, plain, false);
                output.clear();
                if (!next.isReady()) {
                    return false;
                }
            } else if (inflater.finished() && input.hasRemaining()) {
                restart(codec, input);
            } else {
                return true;
            }
        }
        return true;
    }

    /** A final block ends a DEFLATE stream, but neither the message nor the window: RFC 7692 §7.2.3.4. */
    private void restart(InflateCodec codec, ByteBuffer input) {
        if (++restarts > MAX_RESTARTS) {
            throw new ProtocolException(CloseCode.POLICY_VIOLATION, "too many final blocks in one message");
        }
        record(codec, codec.output.position());
        codec.inflater.reset();
        window(codec).prime(codec.inflater);
        codec.inflater.setInput(input);
    }

    private void handOn(InflateCodec codec, FrameHeader plain, boolean endOfFrame) {
        record(codec, codec.output.position()); // now: whoever is next may change the bytes
        recorded = 0;
        next.onFrame(plain, codec.output.flip(), endOfFrame);
    }

    private void record(InflateCodec codec, int to) {
        window(codec).append(codec.output, recorded, to);
        recorded = to;
    }

    private History window(InflateCodec codec) {
        return context == null ? codec.window : context;
    }

    private void release() {
        waiting = null;
        started = false;
        primed = false;
        if (codec != null) {
            pool.release(codec);
            codec = null;
        }
    }

    int retainedBytes() {
        return (context == null ? 0 : context.retained()) + (waiting == null ? 0 : waiting.retained());
    }

    /** Gives everything back; when called from within a call, as soon as that is over. */
    void close() {
        closed = true;
        if (context != null) {
            context.drop();
        }
        if (!inCall) {
            release();
        }
    }

    private static ProtocolException malformed() {
        return new ProtocolException(CloseCode.INVALID_PAYLOAD_DATA, "the message is not valid DEFLATE data");
    }
}
