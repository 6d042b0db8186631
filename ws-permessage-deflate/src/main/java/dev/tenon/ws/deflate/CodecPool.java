package dev.tenon.ws.deflate;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The codecs of one provider, shared by all of its connections. Taking a codec for one call never waits: a new one is made
 * where none is idle. Only the number of inflaters that stay with unfinished messages is limited. Thread-safe.
 *
 * <p>The codec that was released last is taken first: its memory is still in the processor's caches, and a connection that
 * sends several messages in a row finds it as it left it.
 */
final class CodecPool {
    /** What zlib takes for a deflater of 15 bits at memory level 8: two windows, the chains, the hash heads, buffers. */
    private static final long DEFLATER_BYTES = 268L * 1024;
    /** What zlib takes for an inflater of 15 bits, the window included. */
    private static final long INFLATER_BYTES = 42L * 1024;

    private final int level;
    private final int capacity;
    private final Deque<DeflateCodec> idleDeflaters = new ArrayDeque<>();
    private final Deque<InflateCodec> idleInflaters = new ArrayDeque<>();
    private int deflaters;
    private int inflaters;
    private long leases;
    private boolean closed;

    CodecPool(int level, int capacity) {
        this.level = level;
        this.capacity = capacity;
    }

    DeflateCodec deflater() {
        long lease;
        synchronized (this) {
            lease = ++leases;
            DeflateCodec idle = idleDeflaters.pollFirst();
            if (idle != null) {
                idle.lease(lease);
                return idle;
            }
        }
        DeflateCodec codec = new DeflateCodec(level);
        synchronized (this) { // now that there is the memory for it
            deflaters++;
        }
        codec.lease(lease);
        return codec;
    }

    InflateCodec inflater() {
        synchronized (this) {
            InflateCodec idle = idleInflaters.pollFirst();
            if (idle != null) {
                return idle;
            }
        }
        InflateCodec codec = new InflateCodec();
        synchronized (this) { // now that there is the memory for it
            inflaters++;
        }
        return codec;
    }

    /** An inflater to keep for a while, or null if too many are out already. */
    @Nullable
    InflateCodec inflaterToKeep() {
        synchronized (this) {
            if (inflaters - idleInflaters.size() >= capacity) {
                return null;
            }
        }
        return inflater();
    }

    void release(DeflateCodec codec) {
        synchronized (this) {
            if (!closed && idleDeflaters.size() < capacity) {
                idleDeflaters.addFirst(codec);
                return;
            }
            deflaters--;
        }
        codec.end();
    }

    void release(InflateCodec codec) {
        synchronized (this) {
            if (!closed && idleInflaters.size() < capacity) {
                idleInflaters.addFirst(codec);
                return;
            }
            inflaters--;
        }
        codec.end();
    }

    /** Ends what is idle now, and from now on what comes back. */
    synchronized void close() {
        closed = true;
        deflaters -= idleDeflaters.size();
        inflaters -= idleInflaters.size();
        idleDeflaters.forEach(DeflateCodec::end);
        idleInflaters.forEach(InflateCodec::end);
        idleDeflaters.clear();
        idleInflaters.clear();
    }

    synchronized long nativeBytes() {
        return deflaters * (DEFLATER_BYTES + DeflateCodec.ROOM) + inflaters * (INFLATER_BYTES + InflateCodec.ROOM);
    }

    synchronized int codecsOut() {
        return deflaters - idleDeflaters.size() + inflaters - idleInflaters.size();
    }
}
