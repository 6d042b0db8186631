package dev.tenon.ws.suite;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/** Accepts the connections of clients, over TCP or QUIC. */
interface ClientListener extends AutoCloseable {

    /** A connection, which has one link or several. */
    interface ClientConnection {
        /** Calls the consumer for each link of the connection, until the connection ends or has no other link. */
        void forEachLink(Consumer<Link> consumer) throws IOException, InterruptedException;
    }

    /** The bound port. */
    int port();

    /** Waits for the next connection; empty when this is closed. */
    Optional<ClientConnection> accept() throws IOException, InterruptedException;

    @Override
    void close() throws IOException;
}
