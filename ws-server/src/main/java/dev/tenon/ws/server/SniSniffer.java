package dev.tenon.ws.server;

import dev.tenon.ws.connection.WireTap;
import dev.tenon.ws.transport.Link;
import dev.tenon.ws.transport.Protocol;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/** Reads the host name in the first message of a TLS client, and starts TLS with the context of that host. */
final class SniSniffer extends Preamble {
    /** RFC 8446 §6: fatal unrecognized_name. */
    private static final byte[] NO_SUCH_HOST = {21, 3, 3, 0, 2, 2, 112};

    private final ClientHello hello = new ClientHello();
    private final ServerTls tls;
    private final Link link;
    private final @Nullable WireTap tap;

    SniSniffer(ServerTls tls, Link link, @Nullable WireTap tap, Protocol next) {
        super(next);
        this.tls = tls;
        this.link = link;
        this.tap = tap;
    }

    @Override
    void read(ByteBuffer received) {
        String host = hello.host(received);
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
        link.feed(received);
    }
}
