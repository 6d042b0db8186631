package dev.tenon.ws.testkit;

import dev.tenon.ws.connection.Wire;
import java.nio.ByteBuffer;

/**
 * A wire that discards all bytes and counts the writes, for tests of one connection without a peer: of the memory that
 * it takes, of what it does with its input, or of how it fails. It accepts all bytes at once and never calls the
 * connection. Not thread-safe.
 */
public final class DiscardingWire implements Wire {
    private final ByteBuffer room = ByteBuffer.allocate(2 * MAX_RESERVE);
    private final Runnable beforeWrite;
    private long writes;

    /** Creates a wire. */
    public DiscardingWire() {
        this(() -> {});
    }

    /**
     * Creates a wire that runs a task before each write.
     *
     * @param beforeWrite the task, which is called from inside the connection
     */
    public DiscardingWire(Runnable beforeWrite) {
        this.beforeWrite = beforeWrite;
    }

    /**
     * Returns how often the connection has written; a short frame is one write.
     *
     * @return 0 or more
     */
    public long writes() {
        return writes;
    }

    /**
     * Returns a copy of the last short frame, and forgets it.
     *
     * @return the frame, or an empty buffer if the last write was long or none was made since the last call
     */
    public ByteBuffer takeLast() {
        ByteBuffer last = ByteBuffer.allocate(room.position()).put(room.flip()).flip();
        room.clear();
        return last;
    }

    @Override
    public ByteBuffer reserve(int length) {
        count();
        return room.clear();
    }

    @Override
    public void write(ByteBuffer bytes) {
        count();
        room.clear();
        bytes.position(bytes.limit());
    }

    private void count() {
        beforeWrite.run();
        writes++;
    }

    @Override
    public long backlog() {
        return 0;
    }

    @Override
    public void finish() {}

    @Override
    public void shutdownOutput() {}

    @Override
    public void abort() {}

    @Override
    public void resume() {}
}
