package dev.tenon.ws.suite;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/** What carries the bytes of one WebSocket: a connection of its own, or a stream of HTTP/2. One thread writes to it. */
interface Link extends AutoCloseable {

    /**
     * Reads the head of a message, in the form of HTTP/1.1. If the peer ends before, it returns what has come; after the
     * deadline it throws {@link java.net.SocketTimeoutException}.
     */
    String readHead(Duration deadline) throws IOException;

    /** The bytes behind the head, until the peer ends its direction. */
    InputStream input() throws IOException;

    /** Writes bytes in a packet or DATA frame of their own, as far as that is possible. */
    void write(byte[] bytes) throws IOException;

    /** Ends this direction. */
    void endOutput() throws IOException;

    @Override
    void close() throws IOException;
}
