package dev.tenon.ws.transport;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A socket that accepts and returns random numbers of bytes, often none, and fails or ends at random. The bytes that it
 * returns count upwards.
 */
final class UnreliableSocket implements Socket {
    private static final int MOST_AT_ONCE = 30_000;

    private final Random random;
    private final double failureRate;
    final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    long brought;
    boolean ended;
    boolean watchesInput = true;
    boolean watchesRoom;
    boolean shutDown;
    boolean closed;

    UnreliableSocket(Random random, double failureRate) {
        this.random = random;
        this.failureRate = failureRate;
    }

    /** Returns byte number {@code index} of the input. */
    static byte incoming(long index) {
        return (byte) (index * 7 + (index >> 8));
    }

    private void failSometimes(String what) throws IOException {
        if (closed) {
            throw new AssertionError(what + " a closed socket");
        }
        if (random.nextDouble() < failureRate) {
            throw new IOException("deliberate");
        }
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        failSometimes("reading");
        if (random.nextDouble() < failureRate) {
            ended = true;
            return -1;
        }
        int length = Math.min(random.nextInt(4) == 0 ? 0 : random.nextInt(MOST_AT_ONCE), into.remaining());
        for (int i = 0; i < length; i++) {
            into.put(incoming(brought++));
        }
        return length;
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
        return (int) write(new ByteBuffer[] {bytes}, 1);
    }

    @Override
    public long write(ByteBuffer[] buffers, int count) throws IOException {
        failSometimes("writing to");
        if (shutDown) {
            throw new AssertionError("writing behind the end");
        }
        int room = random.nextInt(3) == 0 ? 0 : random.nextInt(MOST_AT_ONCE);
        long written = 0;
        for (int i = 0; i < count && written < room; i++) {
            byte[] part = new byte[Math.min((int) (room - written), buffers[i].remaining())];
            buffers[i].get(part);
            taken.writeBytes(part);
            written += part.length;
        }
        return written;
    }

    @Override
    public void watch(boolean input, boolean room) {
        watchesInput = input;
        watchesRoom = room;
    }

    @Override
    public void shutdownOutput() throws IOException {
        failSometimes("ending");
        shutDown = true;
    }

    @Override
    public void close() {
        closed = true;
    }

    @Override
    public @Nullable SocketAddress remoteAddress() {
        return null;
    }
}
