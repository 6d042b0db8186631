package dev.tenon.ws.transport;

import dev.tenon.ws.transport.Recorder.Stall;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Bytes that a peer is too slow to take, in the order in which they have to leave. */
final class OutputQueue {
    private static final int GATHERED = 16;

    private final ChunkPool pool;
    /** Every chunk is ready to be read; the last one still has room behind its limit. */
    private final ArrayDeque<ByteBuffer> chunks = new ArrayDeque<>();

    private long size;
    /** Is told when nothing waits any more. */
    @Nullable
    Stall stall;

    OutputQueue(ChunkPool pool) {
        this.pool = pool;
    }

    /** Copies bytes to the end; uses them up. */
    void append(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            ByteBuffer chunk = chunks.peekLast();
            if (chunk == null || chunk.limit() == chunk.capacity()) {
                chunk = pool.take().limit(0);
                chunks.addLast(chunk);
            }
            int start = chunk.limit();
            int length = Math.min(bytes.remaining(), chunk.capacity() - start);
            chunk.limit(start + length);
            chunk.put(start, bytes, bytes.position(), length);
            bytes.position(bytes.position() + length);
            size += length;
        }
    }

    /** Writes as much as the channel takes; returns whether nothing is left. */
    boolean writeTo(GatheringByteChannel channel) throws IOException {
        while (size > 0) {
            ByteBuffer[] batch =
                    chunks.stream().limit(GATHERED).toArray(ByteBuffer[]::new); // the slow path: the peer is slow
            long written = channel.write(batch);
            if (written == 0) {
                return false;
            }
            size -= written;
            while (!chunks.isEmpty() && !chunks.getFirst().hasRemaining()) {
                pool.giveBack(chunks.removeFirst());
            }
        }
        over();
        return true;
    }

    private void over() {
        if (stall != null) {
            stall.over();
            stall = null;
        }
    }

    long size() {
        return size;
    }

    void clear() {
        chunks.forEach(pool::giveBack);
        chunks.clear();
        size = 0;
        over();
    }
}
