package dev.tenon.ws.conformance.matrix;

import java.io.IOException;

/** Opens connections between Tenon with its defaults and one peer. */
interface Opener extends AutoCloseable {
    /** Opens another connection. */
    PeerConnection open() throws Exception;

    @Override
    void close() throws IOException;
}
