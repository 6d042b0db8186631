package dev.tenon.ws.deflate;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The inflater of one connection: when it comes from the pool, what it knows of earlier messages, and when it goes back.
 *
 * <p>In {@link MemoryMode#DEDICATED} it stays until the end of the connection and remembers by itself. Pooled, a message
 * that comes in several calls keeps it in between, because zlib's state in the midst of a block cannot be put aside. Where
 * too many are kept already, the compressed bytes wait instead, and the inflater comes at the end of the message, or as
 * soon as the peer has sent about as much as an inflater takes.
 */
final class InflaterLease {
    /** Compressed bytes that wait at most: what has been paid for with as many may have an inflater of its own. */
    static final int MAX_WAITING = 32 * 1024;

    private final CodecPool pool;
    /** What the peer's next message may refer to, or null if each is on its own. */
    private final @Nullable History context;

    private final boolean dedicated;

    private @Nullable InflateCodec codec;
    /** The codec is at work on the message. */
    private boolean started;
    /** The codec stands behind the last byte of {@link #context}, between two blocks. */
    private boolean primed;

    private @Nullable History waiting;

    InflaterLease(CodecPool pool, @Nullable History context, MemoryMode memory) {
        this.pool = pool;
        this.context = context;
        dedicated = memory == MemoryMode.DEDICATED;
    }

    /** Whether the inflater goes from message to message as it is, so that none may end its stream. */
    boolean goesOn() {
        return dedicated && context != null;
    }

    /** Forgets what waits of a message that had no end. */
    void begin() {
        waiting = null;
    }

    /** The inflater at work on the message under way, or null before {@link #start}. */
    @Nullable
    InflateCodec current() {
        return started ? codec : null;
    }

    /** Takes an inflater for this message, or lets a copy of the payload wait and returns null. */
    @Nullable
    InflateCodec start(ByteBuffer payload, boolean last) {
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
        boolean now = last || wouldWait > MAX_WAITING || dedicated;
        return now ? pool.inflater() : pool.inflaterToKeep();
    }

    /** The payload behind what has waited, if anything has. */
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

    /** The window that the message under way refers to, which the inflater's output goes into. */
    History window(InflateCodec codec) {
        return context == null ? codec.window : context;
    }

    /** The message was whole; an inflater that goes on may begin the next one. */
    void messageWasWhole() {
        primed = goesOn();
    }

    /** The message is over: a pooled inflater goes back. */
    void end() {
        waiting = null;
        started = false;
        if (!dedicated) {
            release();
        }
    }

    /** The connection is over: gives back all but the window, which {@link #dropWindow} does. */
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
