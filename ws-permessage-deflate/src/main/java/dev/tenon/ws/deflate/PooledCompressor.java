package dev.tenon.ws.deflate;

import java.nio.ByteBuffer;
import java.util.zip.Deflater;

/**
 * {@link MemoryMode#POOLED}: a codec for each call, primed with the last bytes that were sent. The codec of the call
 * before, if no other connection has used it since, needs no priming and goes on where it stopped. A segment is half a window, after the half
 * window that stands before it as its dictionary.
 */
final class PooledCompressor implements Compressor {
    private static final long NONE = -1;

    private final CodecPool pool;
    private final int window;
    private final boolean takeover;
    private final History context;
    /** The lease that ended between two bytes of this connection's stream, or {@link #NONE}. */
    private long lastLease = NONE;

    private int room;
    private boolean closed;

    PooledCompressor(CodecPool pool, int windowBits, boolean takeover, int contextLimit) {
        this.pool = pool;
        this.window = 1 << windowBits;
        this.takeover = takeover;
        this.context = new History(window == FULL_WINDOW ? contextLimit : Math.min(contextLimit, window / 2));
    }

    @Override
    public DeflateCodec take(boolean begins) {
        DeflateCodec codec = pool.deflater();
        room = window == FULL_WINDOW ? Integer.MAX_VALUE : window - context.length();
        if (window != FULL_WINDOW
                || !codec.isContinuationOf(lastLease)) { // a smaller one needs to know how far it reaches back
            codec.deflater.reset();
            context.prime(codec.deflater);
        }
        lastLease = NONE;
        return codec;
    }

    @Override
    public int room() {
        return room;
    }

    @Override
    public int segmentFlush() {
        return Deflater.SYNC_FLUSH;
    }

    @Override
    public void nextSegment(DeflateCodec codec, ByteBuffer payload) {
        codec.deflater.reset();
        codec.deflater.setDictionary(payload.slice(payload.limit() - window / 2, window / 2));
        room = window / 2;
    }

    @Override
    public int lastFlush(int length) {
        return Deflater.SYNC_FLUSH;
    }

    @Override
    public void giveBack(DeflateCodec codec, ByteBuffer payload, int from, int to, boolean sent, boolean last) {
        if (closed || (last && !takeover)) {
            context.drop();
        } else if (sent) {
            context.append(payload.limit(to), from, to);
            lastLease = codec.lease();
        }
        pool.release(codec);
    }

    @Override
    public int retainedBytes() {
        return context.retained();
    }

    @Override
    public void forget() {
        context.clear();
        lastLease = NONE;
    }

    @Override
    public void close() {
        closed = true;
        context.drop();
    }
}
