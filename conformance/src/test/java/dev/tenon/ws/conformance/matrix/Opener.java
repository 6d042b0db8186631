package dev.tenon.ws.conformance.matrix;

import java.io.IOException;

/** Makes connections between Tenon with its defaults and one peer. */
interface Opener extends AutoCloseable {
    /** Makes one more connection. */
    Talk open() throws Exception;

    @Override
    void close() throws IOException;
}
