package dev.tenon.ws.examples.hosts;

import dev.tenon.ws.connection.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;

/**
 * The two directions of a blocking socket, for one thread. A write that blocks is the only backpressure, so no bytes
 * wait here.
 */
final class BlockingWire implements Wire {
    private final Socket socket;
    private final WritableByteChannel channel;
    private final ByteBuffer input = ByteBuffer.allocate(16 * 1024).limit(0);
    private final ByteBuffer collected = ByteBuffer.allocate(2 * MAX_RESERVE);

    BlockingWire(Socket socket) throws IOException {
        this.socket = socket;
        this.channel = Channels.newChannel(socket.getOutputStream());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(1000);
    }

    InetSocketAddress peer() {
        return (InetSocketAddress) socket.getRemoteSocketAddress();
    }

    boolean isOpen() {
        return !socket.isClosed();
    }

    /** Returns the received bytes that were not consumed yet. */
    ByteBuffer input() {
        return input;
    }

    /** Waits for more bytes, for a second at most; returns false at the end of the input. */
    boolean read() throws IOException {
        int length;
        try {
            length = socket.getInputStream().read(input.array());
        } catch (SocketTimeoutException e) {
            length = 0;
        }
        input.position(0).limit(Math.max(length, 0));
        return length >= 0;
    }

    /** Sends the collected bytes. */
    void flush() throws IOException {
        channel.write(collected.flip());
        collected.clear();
    }

    @Override
    public ByteBuffer reserve(int length) {
        if (collected.remaining() < length) {
            unchecked(this::flush);
        }
        return collected;
    }

    @Override
    public void write(ByteBuffer bytes) {
        unchecked(this::flush);
        unchecked(() -> channel.write(bytes));
    }

    @Override
    public long backlog() {
        return 0;
    }

    @Override
    public void finish() {
        unchecked(this::flush);
        unchecked(socket::close);
    }

    @Override
    public void shutdownOutput() {
        unchecked(this::flush);
        unchecked(socket::shutdownOutput);
    }

    @Override
    public void abort() {
        unchecked(socket::close);
    }

    /** Cannot happen: {@link Echo} requests the next message only after the current one. */
    @Override
    public void resume() {}

    private interface Action {
        void run() throws IOException;
    }

    private static void unchecked(Action action) {
        try {
            action.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
