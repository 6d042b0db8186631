package dev.tenon.ws.server;

import dev.tenon.ws.connection.WireTap;
import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.ProxyHeader;
import dev.tenon.ws.handshake.RequestViolation;
import dev.tenon.ws.transport.EventLoop;
import dev.tenon.ws.transport.Link;
import dev.tenon.ws.transport.Links;
import dev.tenon.ws.transport.Protocol;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.function.Function;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** One address that a server listens on: makes links of the connections that come. */
record Binding(
        SocketAddress address,
        @Nullable ServerTls tls,
        @Nullable HostPolicy hosts) {
    Binding {
        if (!(address instanceof InetSocketAddress || address instanceof UnixDomainSocketAddress)) {
            throw new IllegalArgumentException(
                    "a server listens on host and port or a Unix domain socket, not " + address);
        }
    }

    /** That of a server in memory, which answers like one on a loopback address. */
    static Binding inMemory(@Nullable HostPolicy hosts) {
        return new Binding(new InetSocketAddress(InetAddress.getLoopbackAddress(), 80), null, hosts);
    }

    void accepted(
            ServerConfig config, @Nullable Function<SocketAddress, WireTap> taps, EventLoop loop, SocketChannel channel)
            throws IOException {
        loop.counters().countAccepted();
        SocketAddress remote = channel.getRemoteAddress();
        ConnectionLimiter.Permit permit = config.limiter().acquire(counted(config, remote));
        if (permit == null) {
            channel.close();
            return;
        }
        try {
            open(config, taps == null ? null : taps.apply(remote), loop, channel, permit);
        } catch (IOException | RuntimeException | Error e) {
            permit.run();
            throw e;
        }
    }

    private void open(
            ServerConfig config,
            @Nullable WireTap tap,
            EventLoop loop,
            SocketChannel channel,
            ConnectionLimiter.Permit permit)
            throws IOException {
        boolean fromProxy = channel.getRemoteAddress() instanceof InetSocketAddress peer
                && config.proxyProtocol().isTrusted(peer);
        boolean waits = fromProxy || (tls != null && tls.isByHost());
        SSLEngine engine = tls == null || waits ? null : tls.engine("");
        Links.accepted(loop, channel, engine, waits ? null : tap, link -> {
            link.whenClosed(permit);
            HttpDriver http = new HttpDriver(config, this, link, permit);
            if (fromProxy) {
                return new ProxyHeaderSniffer(
                        link, http, (header, rest) -> behindHeader(link, header, rest, http, tap, permit));
            }
            return tls != null && waits ? new SniSniffer(tls, link, tap, http) : http;
        });
    }

    /** Goes on with what a proxy forwards, for the client that it has named. */
    private void behindHeader(
            Link link,
            ProxyHeader header,
            ByteBuffer rest,
            HttpDriver http,
            @Nullable WireTap tap,
            ConnectionLimiter.Permit permit)
            throws IOException {
        InetSocketAddress client = header.source();
        if (client != null) {
            link.onBehalfOf(client);
            if (!permit.claim(client.getAddress())) {
                link.close(new IOException("too many connections from " + client.getAddress()));
                return;
            }
        }
        Protocol next = tls != null && tls.isByHost() ? new SniSniffer(tls, link, tap, http) : http;
        link.switchTo(next);
        if (tls == null || tls.isByHost()) {
            link.startTls(null, tls == null ? tap : null);
            link.giveBack(rest);
        } else {
            link.startTls(tls.engine(""), tap);
            link.feedTls(rest);
        }
    }

    /** The address that a connection counts for at once; the clients of a proxy count when it says who they are. */
    private static @Nullable InetAddress counted(ServerConfig config, SocketAddress remote) {
        InetSocketAddress peer = remote instanceof InetSocketAddress inet ? inet : null;
        return peer == null
                        || config.proxies().isTrusted(peer)
                        || config.proxyProtocol().isTrusted(peer)
                ? null
                : peer.getAddress();
    }

    /**
     * Refuses a request for a host that is not served here, or not by the TLS session that it came in (RFC 9110 §7.4).
     *
     * @throws HandshakeException with 421
     */
    void checkHost(@Nullable String authority, @Nullable SSLSession session, boolean fromProxy) {
        if (!policy(fromProxy).allows(authority)) {
            throw HandshakeException.refuse(RequestViolation.HOST_NOT_SERVED);
        }
        if (tls != null && authority != null && !authority.isEmpty() && !tls.serves(session, authority)) {
            throw HandshakeException.refuse(RequestViolation.HOST_NOT_SERVED, "it is not the one of the TLS handshake");
        }
    }

    /** A browser reaches a loopback address directly, not through a proxy that the server trusts. */
    private HostPolicy policy(boolean fromProxy) {
        if (hosts != null) {
            return hosts;
        }
        boolean loopback = address instanceof InetSocketAddress inet
                && inet.getAddress() != null
                && inet.getAddress().isLoopbackAddress();
        return loopback && !fromProxy ? HostPolicy.LOOPBACK : HostPolicy.ANY;
    }
}
