package dev.tenon.ws.conformance.matrix;

import java.io.IOException;
import java.io.InterruptedIOException;

/** Stops a client or server of a peer. */
@FunctionalInterface
interface Stop extends AutoCloseable {
    /** Stops it, and waits for its end if the peer has a way to. */
    void stop() throws Exception;

    @Override
    default void close() throws IOException {
        try {
            stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        } catch (Exception e) {
            throw new IOException(e);
        }
    }
}
