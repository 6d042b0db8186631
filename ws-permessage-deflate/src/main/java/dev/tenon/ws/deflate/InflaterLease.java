package dev.tenon.ws.deflate;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The inflater of one connection: when it is taken from the pool, how it gets the window of earlier messages, and when
 * it is returned.
 *
 * <p>In {@link MemoryMode#DEDICATED} the connection keeps the inflater, and zlib keeps the window. In {@link
 * MemoryMode#POOLED} a message that arrives in several calls keeps its inflater between them, because zlib cannot save
 * its state inside a block. If too many inflaters are kept already, the compressed bytes wait instead, and the inflater
 * is taken at the end of the message, or when the waiting bytes take about as much memory as an inflater.
 */
final class InflaterLease {
    /**
     * The greatest number of waiting compressed bytes. A message with more gets an inflater, which takes about as much
     * memory.
     */
    static final int MAX_WAITING = 32 * 1024;

    private final CodecPool pool;
    /** The bytes that the peer's next message may refer to, or null without context takeover. */
    private final @Nullable History context;

    private final boolean dedicated;

    private @Nullable InflateCodec codec;
    /** Whether the codec has begun the current message. */
    private boolean started;
    /** Whether the codec's window equals {@link #context}, and it is between two blocks. */
    private boolean primed;

    private @Nullable History waiting;

    InflaterLease(CodecPool pool, @Nullable History context, MemoryMode memory) {
        this.pool = pool;
        this.context = context;
        dedicated = memory == MemoryMode.DEDICATED;
    }

    /**
     * Whether the inflater continues from message to message without a reset, so that no message may end its stream.
     */
    boolean spansMessages() {
        return dedicated && context != null;
    }

    /** Forgets the waiting bytes of a message that has not ended. */
    void begin() {
        waiting = null;
    }

    /** The inflater of the current message, or null before {@link #start}. */
    @Nullable
    InflateCodec current() {
        return started ? codec : null;
    }

    /** Takes an inflater for this message, or stores a copy of the payload and returns null. */
    @Nullable
    InflateCodec start(ByteBuffer payload, boolean last) {
        InflateCodec taken = codec == null ? acquire(payload, last) : codec;
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

    private @Nullable InflateCodec acquire(ByteBuffer payload, boolean last) {
        int wouldWait = payload.remaining() + (waiting == null ? 0 : waiting.length());
        boolean now = last || wouldWait > MAX_WAITING || dedicated;
        return now ? pool.inflater() : pool.inflaterToKeep();
    }

    /** The waiting bytes followed by the payload, or the payload alone if none wait. */
    ByteBuffer withWaiting(ByteBuffer payload) {
        if (waiting == null) {
            return payload;
        }
        ByteBuffer first = waiting.view();
        waiting = null;
        return ByteBuffer.allocate(first.remaining() + payload.remaining())
                .put(first)
                .put(payload)
                .flip();
    }

    /** The window of the current message, to which the inflater's output is added. */
    History window(InflateCodec codec) {
        return context == null ? codec.window : context;
    }

    /** Called at the correct end of a message, so that an inflater that continues may begin the next one. */
    void messageCompleted() {
        primed = spansMessages();
    }

    /** Ends the message and returns a pooled inflater. */
    void end() {
        waiting = null;
        started = false;
        if (!dedicated) {
            release();
        }
    }

    /** Frees everything except the window at the end of the connection; {@link #dropWindow} frees the window. */
    void release() {
        waiting = null;
        started = false;
        primed = false;
        if (codec != null) {
            pool.release(codec);
            codec = null;
        }
    }

    void dropWindow() {
        if (context != null) {
            context.drop();
        }
    }

    int retainedBytes() {
        return (context == null ? 0 : context.retained()) + (waiting == null ? 0 : waiting.retained());
    }
}
