package dev.tenon.ws.server;

import dev.tenon.ws.handshake.ProxyHeader;
import dev.tenon.ws.transport.Link;
import dev.tenon.ws.transport.Protocol;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the header of the PROXY protocol at the beginning of a trusted proxy's connection, and hands over to the protocol
 * that follows. A connection without the header is closed, because its client is not known.
 */
final class ProxyHeaderSniffer implements Protocol {
    /** Starts the protocol that follows the header. */
    @FunctionalInterface
    interface Continuation {
        /** Called with the header, and with the input that follows it. */
        void proceed(ProxyHeader header, ByteBuffer rest) throws IOException;
    }

    private final Link link;
    private final Protocol next;
    private final Continuation continuation;
    private ByteBuffer received = ByteBuffer.allocate(0);

    ProxyHeaderSniffer(Link link, Protocol next, Continuation continuation) {
        this.link = link;
        this.next = next;
        this.continuation = continuation;
    }

    @Override
    public void received(ByteBuffer input) {
        received = ByteBuffer.allocate(received.remaining() + input.remaining())
                .put(received)
                .put(input)
                .flip();
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

    @Override
    public void tick(long nowNanos) {
        next.tick(nowNanos);
    }

    @Override
    public long nextDeadline() {
        return next.nextDeadline();
    }

    @Override
    public void drain() {
        next.drain();
    }

    @Override
    public void closed(@Nullable IOException cause) {
        next.closed(cause);
    }
}
