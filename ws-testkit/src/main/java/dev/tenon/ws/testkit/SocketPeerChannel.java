package dev.tenon.ws.testkit;

import dev.tenon.ws.handshake.ClientHandshake;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A channel over a blocking socket. */
final class SocketPeerChannel implements PeerChannel {
    private final Socket socket = new Socket();
    private final byte[] buffer = new byte[16 * 1024];
    private final Duration timeout;
    private long deadline;

    SocketPeerChannel(InetSocketAddress address, Duration timeout) throws IOException {
        this.timeout = timeout;
        beginStep();
        try {
            socket.connect(address, Math.toIntExact(timeout.toMillis()));
            socket.setTcpNoDelay(true);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Sends the request and reads its response; returns the bytes behind it. */
    ByteBuffer open(ClientHandshake handshake) throws IOException {
        send(handshake.request().encode());
        ByteBuffer bytes;
        do {
            bytes = receive();
            if (bytes == null) {
                throw new IOException("the server has not responded to the handshake within the timeout");
            }
            if (!bytes.hasRemaining()) {
                throw handshake.endOfInput();
            }
        } while (handshake.receive(bytes) == null);
        return bytes;
    }

    @Override
    public void send(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        try {
            socket.getOutputStream().write(copy);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void beginStep() {
        deadline = System.nanoTime() + timeout.toNanos();
    }

    @Override
    public @Nullable ByteBuffer receive() {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
            return null;
        }
        try {
            socket.setSoTimeout((int) left);
            int length = socket.getInputStream().read(buffer);
            return ByteBuffer.wrap(buffer, 0, Math.max(length, 0));
        } catch (SocketTimeoutException e) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void end() {
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void advance(Duration time) {
        throw new IllegalStateException("the clock of a socket cannot be advanced");
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
