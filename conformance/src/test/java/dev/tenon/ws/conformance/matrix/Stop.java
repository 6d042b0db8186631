package dev.tenon.ws.conformance.matrix;

import java.io.IOException;
import java.io.InterruptedIOException;

/** Ends something that a peer has started. */
@FunctionalInterface
interface Stop extends AutoCloseable {
    /** Ends it, and waits for that where the peer lets one wait. */
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
