package dev.tenon.ws.transport;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The buffers that all links of one loop share, and the account of what waits to be sent on it. */
final class LoopBuffers {
    static final int READ = 256 * 1024;
    private static final int WINDOW = 128 * 1024;

    private final ByteBuffer read = ByteBuffer.allocateDirect(READ);
    private final ByteBuffer window = ByteBuffer.allocateDirect(WINDOW);
    private final Gather batch = new Gather();
    private final ChunkPool chunks = new ChunkPool();
    private final Cork cork = new Cork();
    private final LoopCounters counters;
    private @Nullable TlsScratch tls;
    private long charged;

    LoopBuffers(LoopCounters counters) {
        this.counters = counters;
    }

    /** The buffer that reads go into, with room for some bytes. */
    ByteBuffer read(int size) {
        return read.clear().limit(size);
    }

    /** Copies the next bytes of a buffer into direct memory; uses them up. One window at a time is in use. */
    ByteBuffer window(ByteBuffer bytes) {
        int length = Math.min(bytes.remaining(), WINDOW);
        window.clear().put(0, bytes, bytes.position(), length).limit(length);
        bytes.position(bytes.position() + length);
        return window;
    }

    /** An empty list of buffers, for the caller to clear. */
    Gather batch() {
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

    /** What TLS links share; made with the first of them. */
    TlsScratch tls() {
        if (tls == null) {
            tls = new TlsScratch();
        }
        return tls;
    }

    /** Sends what TLS links have encrypted in this event. */
    void flushTls() {
        if (tls != null) {
            tls.flush();
        }
    }

    /** Adds memory for bytes that wait, or takes it away. */
    void charge(long bytes) {
        charged += bytes;
    }

    /** How much memory bytes that wait take on this loop. */
    long charged() {
        return charged;
    }

    Recorder.@Nullable Stall stalled(Socket socket) {
        counters.stalled();
        return Recorder.here().stalled(socket.remoteAddress());
    }
}
