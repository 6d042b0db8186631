package dev.tenon.ws.suite;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.time.Duration;

/** A TCP or TLS connection with one WebSocket. */
final class TcpLink implements Link {
    private static final int LONGEST_HEAD = 16 * 1024;

    private final Socket socket;
    private final InputStream in;

    TcpLink(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
    }

    @Override
    public String readHead(Duration deadline) throws IOException {
        long end = System.nanoTime() + deadline.toNanos();
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n", Math.max(0, head.length() - 4)) < 0 && head.length() < LONGEST_HEAD) {
            socket.setSoTimeout((int) Math.max(1, (end - System.nanoTime()) / 1_000_000));
            int next = in.read();
            if (next < 0) {
                break;
            }
            head.append((char) next);
        }
        socket.setSoTimeout(0);
        return head.toString();
    }

    @Override
    public InputStream input() {
        return in;
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    @Override
    public void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
