package dev.tenon.ws.deflate;

import java.nio.ByteBuffer;
import java.util.zip.Deflater;

/**
 * The compressor of {@link MemoryMode#POOLED}: it takes a codec for each call and primes it with the last sent bytes.
 * If no other connection has used the codec since the call before, it continues without priming. A segment is half a
 * window, primed with the half window before it.
 */
final class PooledCompressor implements Compressor {
    private static final long NONE = -1;

    private final CodecPool pool;
    private final int window;
    private final boolean takeover;
    private final History context;
    /** The last lease, after which the codec was in step with this connection's stream, or {@link #NONE}. */
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
    public DeflateCodec acquire(boolean begins) {
        DeflateCodec codec = pool.deflater();
        room = window == FULL_WINDOW ? Integer.MAX_VALUE : window - context.length();
        // A smaller window always needs priming: it is not known how far back the codec's own window reaches.
        if (window != FULL_WINDOW || !codec.isContinuationOf(lastLease)) {
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
    public void release(DeflateCodec codec, ByteBuffer payload, int from, int to, boolean sent, boolean last) {
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
