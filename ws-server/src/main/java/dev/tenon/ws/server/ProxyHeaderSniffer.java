package dev.tenon.ws.server;

import dev.tenon.ws.handshake.ProxyHeader;
import dev.tenon.ws.transport.Link;
import dev.tenon.ws.transport.Protocol;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Reads the header of the PROXY protocol at the beginning of a trusted proxy's connection, and hands over to the protocol
 * that follows. A connection without the header is closed, because its client is not known.
 */
final class ProxyHeaderSniffer extends Preamble {
    /** Starts the protocol that follows the header. */
    @FunctionalInterface
    interface Continuation {
        /** Called with the header, and with the input that follows it. */
        void proceed(ProxyHeader header, ByteBuffer rest) throws IOException;
    }

    private final Link link;
    private final Continuation continuation;

    ProxyHeaderSniffer(Link link, Protocol next, Continuation continuation) {
        super(next);
        this.link = link;
        this.continuation = continuation;
    }

    @Override
    void read(ByteBuffer received) {
        try {
            ProxyHeader header = ProxyHeader.read(received);
            if (header != null) {
                continuation.proceed(header, received);
            }
        } catch (IOException malformed) {
            link.close(malformed);
        }
    }

    @Override
    public void inputEnded() {
        link.close(new IOException("the connection has ended in the middle of its PROXY header"));
    }
}
