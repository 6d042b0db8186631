package dev.tenon.ws.transport;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** A socket with scripted reads and writes. It records its interest operations. */
final class ScriptedSocket implements Socket {
    private final ArrayDeque<Object> reads = new ArrayDeque<>();
    private @Nullable IOException writeFailure;
    private @Nullable Error closeFailure;
    boolean watchesInput;
    boolean closed;

    /** Lets the next read return these bytes. */
    ScriptedSocket brings(byte... bytes) {
        reads.add(bytes);
        return this;
    }

    /** Lets the next read report the end of the input. */
    ScriptedSocket ends() {
        reads.add("end");
        return this;
    }

    /** Lets the next read fail. */
    ScriptedSocket failsToRead(IOException failure) {
        reads.add(failure);
        return this;
    }

    /** Lets all writes fail. */
    ScriptedSocket failsToWrite(IOException failure) {
        writeFailure = failure;
        return this;
    }

    /** Lets closing fail. */
    ScriptedSocket failsToClose(Error failure) {
        closeFailure = failure;
        return this;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        Object next = reads.poll();
        if (next instanceof byte[] bytes) {
            into.put(bytes);
            return bytes.length;
        }
        if (next instanceof IOException failure) {
            throw failure;
        }
        return next == null ? 0 : -1;
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
        return (int) write(new ByteBuffer[] {bytes}, 1);
    }

    @Override
    public long write(ByteBuffer[] buffers, int count) throws IOException {
        if (writeFailure != null) {
            throw writeFailure;
        }
        long written = 0;
        for (int i = 0; i < count; i++) {
            written += buffers[i].remaining();
            buffers[i].position(buffers[i].limit());
        }
        return written;
    }

    @Override
    public void watch(boolean input, boolean room) {
        watchesInput = input;
    }

    @Override
    public void shutdownOutput() {}

    @Override
    public void close() {
        closed = true;
        if (closeFailure != null) {
            throw closeFailure;
        }
    }

    @Override
    public @Nullable SocketAddress remoteAddress() {
        return null;
    }
}
