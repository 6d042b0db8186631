package dev.tenon.ws.transport;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A socket that accepts a random number of bytes at a time, sometimes none, and fails after a number of bytes. */
final class SlowSocket implements Socket {
    private final Random random;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private int mostAtOnce;
    private int failsAfter = Integer.MAX_VALUE;

    SlowSocket(Random random, int mostAtOnce) {
        this.random = random;
        this.mostAtOnce = mostAtOnce;
    }

    void takeAtMost(int bytes) {
        mostAtOnce = bytes;
    }

    void failAfter(int bytes) {
        failsAfter = bytes;
    }

    ByteArrayOutputStream written() {
        return written;
    }

    @Override
    public int read(ByteBuffer into) {
        return 0;
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
        return (int) write(new ByteBuffer[] {bytes}, 1);
    }

    @Override
    public long write(ByteBuffer[] buffers, int count) throws IOException {
        if (written.size() >= failsAfter) {
            throw new IOException("deliberate: the socket has failed");
        }
        int left = mostAtOnce == Integer.MAX_VALUE ? mostAtOnce : random.nextInt(mostAtOnce + 1);
        left = Math.min(left, failsAfter - written.size());
        long total = 0;
        for (int i = 0; i < count && left > 0; i++) {
            byte[] part = new byte[Math.min(left, buffers[i].remaining())];
            buffers[i].get(part);
            written.writeBytes(part);
            left -= part.length;
            total += part.length;
        }
        return total;
    }

    @Override
    public void watch(boolean input, boolean room) {}

    @Override
    public void shutdownOutput() {}

    @Override
    public void close() {}

    @Override
    public @Nullable SocketAddress remoteAddress() {
        return null;
    }
}
