package dev.tenon.ws.suite;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A TCP or TLS connection with one WebSocket. */
final class TcpLink implements Link {
    private static final int LONGEST_HEAD = 16 * 1024;

    private final PeerSocket socket;
    private final InputStream in;

    TcpLink(PeerSocket socket) throws IOException {
        this.socket = socket;
        in = new BufferedInputStream(socket.input(), 1 << 16);
    }

    @Override
    public String readHead(Duration deadline) throws IOException {
        long end = System.nanoTime() + deadline.toNanos();
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n", Math.max(0, head.length() - 4)) < 0 && head.length() < LONGEST_HEAD) {
            socket.readTimeout((int) Math.max(1, (end - System.nanoTime()) / 1_000_000));
            int next = in.read();
            if (next < 0) {
                break;
            }
            head.append((char) next);
        }
        socket.readTimeout(0);
        return head.toString();
    }

    @Override
    public InputStream input() {
        return in;
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        socket.write(bytes);
    }

    @Override
    public void endOutput() throws IOException {
        socket.endOutput();
    }

    @Override
    public @Nullable String stall() {
        return socket.stall();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
