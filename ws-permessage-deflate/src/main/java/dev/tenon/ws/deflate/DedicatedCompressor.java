package dev.tenon.ws.deflate;

import java.nio.ByteBuffer;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/**
 * The compressor of {@link MemoryMode#DEDICATED}: the connection keeps one codec, and zlib keeps the window. Each
 * segment ends in a full flush, which no back reference crosses. A segment longer than half a window ends with its
 * message.
 */
final class DedicatedCompressor implements Compressor {
    private final CodecPool pool;
    private final int window;
    private final boolean takeover;
    private @Nullable DeflateCodec own;
    private int sinceFullFlush;
    private boolean inCall;
    private boolean closed;

    DedicatedCompressor(CodecPool pool, int windowBits, boolean takeover) {
        this.pool = pool;
        this.window = 1 << windowBits;
        this.takeover = takeover;
    }

    @Override
    public DeflateCodec acquire(boolean begins) {
        DeflateCodec codec = own;
        if (codec == null) {
            codec = pool.deflater();
            own = codec;
            restart(codec);
        } else if (begins && !takeover) {
            restart(codec);
        }
        inCall = true;
        return codec;
    }

    private void restart(DeflateCodec codec) {
        codec.deflater.reset();
        sinceFullFlush = 0;
    }

    @Override
    public int room() {
        return window == FULL_WINDOW ? Integer.MAX_VALUE : window - sinceFullFlush;
    }

    @Override
    public int segmentFlush() {
        return Deflater.FULL_FLUSH;
    }

    @Override
    public void nextSegment(DeflateCodec codec, ByteBuffer payload) {
        sinceFullFlush = 0;
    }

    @Override
    public int lastFlush(int length) {
        if (window == FULL_WINDOW) {
            return Deflater.SYNC_FLUSH;
        }
        sinceFullFlush += length;
        if (sinceFullFlush <= window / 2) {
            return Deflater.SYNC_FLUSH;
        }
        sinceFullFlush = 0;
        return Deflater.FULL_FLUSH;
    }

    @Override
    public void release(DeflateCodec codec, ByteBuffer payload, int from, int to, boolean sent, boolean last) {
        inCall = false;
        if (closed) {
            release();
        } else if (!sent) {
            restart(codec); // its window holds bytes that the peer has not received
        }
    }

    @Override
    public int retainedBytes() {
        return 0;
    }

    @Override
    public void forget() {
        if (own != null) {
            restart(own);
        }
    }

    @Override
    public void close() {
        closed = true;
        if (!inCall) {
            release();
        }
    }

    private void release() {
        if (own != null) {
            pool.release(own);
            own = null;
        }
    }
}
