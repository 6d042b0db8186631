package dev.tenon.ws.suite;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The transport of one WebSocket: its own connection, or a stream of HTTP/2 or HTTP/3. One thread writes to it. */
interface Link extends AutoCloseable {

    /**
     * Reads the head of a message, in the form of HTTP/1.1. If the peer ends before, returns the received part; after
     * the deadline throws {@link java.net.SocketTimeoutException}.
     */
    String readHead(Duration deadline) throws IOException;

    /** Returns the bytes after the head, until the peer ends its direction. */
    InputStream input() throws IOException;

    /** Writes bytes in a packet or DATA frame of their own, as far as that is possible. */
    void write(byte[] bytes) throws IOException;

    /** Ends this direction. */
    void endOutput() throws IOException;

    /** Why the suite has closed the connection of a peer that does not read; null if it has not. */
    @Nullable
    String stall();

    @Override
    void close() throws IOException;
}
