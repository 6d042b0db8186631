package dev.tenon.ws.deflate;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The codecs of one provider, shared by all of its connections. A caller that needs a codec for one call never waits:
 * the pool creates one if none is idle. Only the number of inflaters that stay with unfinished messages is limited.
 * Thread-safe.
 *
 * <p>The pool hands out the codec that was released last: its memory is still in the processor's caches, and a
 * connection that sends several messages in a row finds it in the state in which it left it.
 */
final class CodecPool {
    /** The memory of a zlib deflater of 15 bits at memory level 8: two windows, hash chains, hash heads and buffers. */
    private static final long DEFLATER_BYTES = 268L * 1024;
    /** The memory of a zlib inflater of 15 bits, including its window. */
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
        synchronized (this) { // counted only after the allocation has succeeded
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
        synchronized (this) { // counted only after the allocation has succeeded
            inflaters++;
        }
        return codec;
    }

    /** An inflater that may stay with an unfinished message, or null if too many do already. */
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

    /** Frees idle codecs now, and all others when they are released. */
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
