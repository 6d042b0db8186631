package dev.tenon.ws.server;

import dev.tenon.ws.connection.WireTap;
import dev.tenon.ws.transport.EventLoop;
import dev.tenon.ws.transport.Links;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.function.Function;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/** One address that a server listens on: makes links of the connections that come. */
record Listener(SocketAddress address, @Nullable ServerTls tls) {
    Listener {
        if (!(address instanceof InetSocketAddress || address instanceof UnixDomainSocketAddress)) {
            throw new IllegalArgumentException(
                    "a server listens on host and port or a Unix domain socket, not " + address);
        }
    }

    void accepted(
            ServerCore core, @Nullable Function<SocketAddress, WireTap> taps, EventLoop loop, SocketChannel channel)
            throws IOException {
        loop.counters().countAccepted();
        SocketAddress remote = channel.getRemoteAddress();
        Admission.Place place = core.admission().enter(counted(core, remote));
        if (place == null) {
            channel.close();
            return;
        }
        try {
            open(core, taps == null ? null : taps.apply(remote), loop, channel, place);
        } catch (IOException | RuntimeException e) {
            place.run();
            throw e;
        }
    }

    private void open(
            ServerCore core, @Nullable WireTap tap, EventLoop loop, SocketChannel channel, Admission.Place place)
            throws IOException {
        boolean waits = tls != null && tls.isByHost();
        SSLEngine engine = tls == null || waits ? null : tls.engine("");
        Links.accepted(loop, channel, engine, waits ? null : tap, link -> {
            link.whenClosed(place);
            HttpProtocol http = new HttpProtocol(core, link, place);
            return tls != null && waits ? new HostPreamble(tls, link, tap, http) : http;
        });
    }

    /** The address that a connection counts for at once; the clients of a proxy count when it says who they are. */
    private static @Nullable InetAddress counted(ServerCore core, SocketAddress remote) {
        InetSocketAddress peer = remote instanceof InetSocketAddress inet ? inet : null;
        return peer == null || core.proxies().isTrusted(peer) ? null : peer.getAddress();
    }
}
