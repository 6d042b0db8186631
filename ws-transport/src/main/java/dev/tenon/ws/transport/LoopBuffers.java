package dev.tenon.ws.transport;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The buffers that all links of one loop share, and the count of bytes that wait to be sent. */
final class LoopBuffers {
    static final int READ = 256 * 1024;
    private static final int WINDOW = 128 * 1024;

    private final ByteBuffer read = ByteBuffer.allocateDirect(READ);
    private final ByteBuffer window = ByteBuffer.allocateDirect(WINDOW);
    private final GatheredBuffers batch = new GatheredBuffers();
    private final ChunkPool chunks = new ChunkPool();
    private final SharedFrames frames = new SharedFrames();
    private final Cork cork = new Cork();
    private final LoopCounters counters;
    private @Nullable TlsScratch tls;
    private long charged;

    LoopBuffers(LoopCounters counters) {
        this.counters = counters;
    }

    /** The buffer for reads, with the given size. */
    ByteBuffer read(int size) {
        return read.clear().limit(size);
    }

    /**
     * Copies the next bytes of a buffer into direct memory and moves its position. Only one window is in use at a time.
     */
    ByteBuffer window(ByteBuffer bytes) {
        int length = Math.min(bytes.remaining(), WINDOW);
        window.clear().put(0, bytes, bytes.position(), length).limit(length);
        bytes.position(bytes.position() + length);
        return window;
    }

    /** An empty list of buffers, for the caller to clear. */
    GatheredBuffers batch() {
        return batch;
    }

    ChunkPool chunks() {
        return chunks;
    }

    Cork cork() {
        return cork;
    }

    LoopCounters counters() {
        return counters;
    }

    /** The buffers that TLS links share; the first TLS link creates them. */
    TlsScratch tls() {
        if (tls == null) {
            tls = new TlsScratch();
        }
        return tls;
    }

    /** Sends the bytes that TLS links have encrypted in this event. */
    void flushTls() {
        if (tls != null) {
            tls.flush();
        }
    }

    /** Adds to the memory of waiting bytes; negative to subtract. */
    void charge(long bytes) {
        charged += bytes;
    }

    /** A link begins to wait for a shared frame, with a reference of a given cost. */
    void hold(ByteBuffer frame, long reference) {
        charged += frames.hold(frame) + reference;
    }

    /** A link no longer waits for a shared frame. */
    void release(ByteBuffer frame, long reference) {
        charged -= frames.release(frame) + reference;
    }

    /** The memory of all waiting bytes of this loop. Shared frames count once. */
    long charged() {
        return charged;
    }

    Recorder.@Nullable Stall stalled(Socket socket) {
        counters.stalled();
        return Recorder.here().stalled(socket.remoteAddress());
    }
}
