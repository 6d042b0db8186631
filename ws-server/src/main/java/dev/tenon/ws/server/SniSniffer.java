package dev.tenon.ws.server;

import dev.tenon.ws.connection.WireTap;
import dev.tenon.ws.transport.Link;
import dev.tenon.ws.transport.Protocol;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/** Reads the host name in the first message of a TLS client, and starts TLS with the context of that host. */
final class SniSniffer implements Protocol {
    /** RFC 8446 §6: fatal unrecognized_name. */
    private static final byte[] NO_SUCH_HOST = {21, 3, 3, 0, 2, 2, 112};

    private final ServerTls tls;
    private final Link link;
    private final @Nullable WireTap tap;
    private final Protocol next;
    private ByteBuffer received = ByteBuffer.allocate(0);

    SniSniffer(ServerTls tls, Link link, @Nullable WireTap tap, Protocol next) {
        this.tls = tls;
        this.link = link;
        this.tap = tap;
        this.next = next;
    }

    @Override
    public void received(ByteBuffer input) {
        received = ByteBuffer.allocate(received.remaining() + input.remaining())
                .put(received)
                .put(input)
                .flip();
        String host = ClientHello.host(received);
        if (host == null) {
            return;
        }
        SSLEngine engine = tls.engine(host);
        if (engine == null) {
            link.reserve(NO_SUCH_HOST.length).put(NO_SUCH_HOST);
            link.finish();
            return;
        }
        link.switchTo(next);
        link.startTls(engine, tap);
        link.feedTls(received);
    }

    @Override
    public void inputEnded() {
        next.inputEnded();
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
