package dev.tenon.ws.deflate;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The codecs of one provider, shared by all of its connections. Nobody ever waits: a codec that is needed for one call
 * is there at once, and only inflaters that a message wants to keep until its rest arrives are rationed. Thread-safe.
 *
 * <p>The codec that came back last goes out first: its memory is still in the caches, and a connection that sends several
 * messages in a row finds it as it left it.
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
    private long loans;
    private boolean closed;

    CodecPool(int level, int capacity) {
        this.level = level;
        this.capacity = capacity;
    }

    DeflateCodec deflater() {
        long loan;
        synchronized (this) {
            loan = ++loans;
            DeflateCodec idle = idleDeflaters.pollFirst();
            if (idle != null) {
                idle.lend(loan);
                return idle;
            }
        }
        DeflateCodec codec = new DeflateCodec(level);
        synchronized (this) { // now that there is the memory for it
            deflaters++;
        }
        codec.lend(loan);
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
