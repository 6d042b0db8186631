package dev.tenon.ws.suite;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The socket of a connection, with or without TLS. A blocked write has no timeout of its own, so this closes the TCP
 * connection of a peer that reads nothing for a time. One thread at a time writes or closes.
 */
final class PeerSocket implements AutoCloseable {
    /** The longest write, which needs no more than the timeout. A peer that reads slowly gets it for each. */
    private static final int PIECE = 1 << 14;

    private static final ScheduledThreadPoolExecutor CLOCK = clock();

    private final Socket tcp;
    private final Socket socket;
    private final Duration timeout;
    private volatile boolean stalled;

    /** Sends or ends output. */
    private interface Output {
        void run() throws IOException;
    }

    /** A connection without TLS. */
    PeerSocket(Socket tcp, Duration timeout) throws IOException {
        this(tcp, tcp, timeout);
    }

    /**
     * A connection with TLS.
     *
     * @param tcp the socket below TLS, which can be closed while a thread writes
     * @param socket the socket to use
     * @param timeout how long the peer may read nothing
     */
    PeerSocket(Socket tcp, Socket socket, Duration timeout) throws IOException {
        tcp.setTcpNoDelay(true);
        this.tcp = tcp;
        this.socket = socket;
        this.timeout = timeout;
    }

    private static ScheduledThreadPoolExecutor clock() {
        ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "suite-clock");
            thread.setDaemon(true);
            return thread;
        });
        clock.setRemoveOnCancelPolicy(true);
        return clock;
    }

    /** Limits the time of a read; 0 for no limit. */
    void readTimeout(int millis) throws IOException {
        socket.setSoTimeout(millis);
    }

    InputStream input() throws IOException {
        return socket.getInputStream();
    }

    void write(byte[] bytes) throws IOException {
        for (byte[] piece : Octets.cut(bytes, PIECE)) {
            limited(() -> socket.getOutputStream().write(piece));
        }
    }

    void endOutput() throws IOException {
        limited(socket::shutdownOutput);
    }

    /** Why this has closed the connection itself, or null if it has not. */
    @Nullable
    String stall() {
        return stalled ? "the peer has read nothing for " + timeout.toMillis() + " ms" : null;
    }

    private void limited(Output output) throws IOException {
        Future<?> end = CLOCK.schedule(this::giveUp, timeout.toNanos(), TimeUnit.NANOSECONDS);
        try {
            output.run();
        } catch (IOException e) {
            String stall = stall();
            throw stall == null ? e : new IOException(stall, e);
        } finally {
            end.cancel(false);
        }
    }

    private void giveUp() {
        stalled = true;
        try {
            tcp.close();
        } catch (IOException e) {
            return; // it is closed nevertheless
        }
    }

    /** Closes the connection; with TLS, that sends. */
    @Override
    public void close() throws IOException {
        try {
            if (!stalled) {
                limited(socket::close);
            }
        } finally {
            tcp.close();
        }
    }
}
