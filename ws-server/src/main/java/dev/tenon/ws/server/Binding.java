package dev.tenon.ws.server;

import dev.tenon.ws.connection.WireTap;
import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.ProxyHeader;
import dev.tenon.ws.handshake.RequestViolation;
import dev.tenon.ws.handshake.TrustedProxies;
import dev.tenon.ws.transport.EventLoop;
import dev.tenon.ws.transport.Link;
import dev.tenon.ws.transport.Links;
import dev.tenon.ws.transport.Protocol;
import dev.tenon.ws.transport.SocketSettings;
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

/**
 * One address that a server listens on. Makes a link of each accepted connection.
 *
 * @param address where the server listens
 * @param tls keys and client certificates, or null for no TLS
 * @param proxyProtocol the load balancers whose connections begin with a header of the PROXY protocol
 * @param sockets how the address is bound, and how accepted sockets are set up
 * @param hosts the hosts that requests may name, or null for those that follow from the address
 */
record Binding(
        SocketAddress address,
        @Nullable ServerTls tls,
        TrustedProxies proxyProtocol,
        SocketSettings sockets,
        @Nullable HostPolicy hosts) {

    /** The binding of a server in memory, which serves the same hosts as one on a loopback address. */
    static Binding inMemory(@Nullable HostPolicy hosts) {
        SocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 80);
        return new Binding(loopback, null, TrustedProxies.none(), SocketSettings.DEFAULT, hosts);
    }

    /**
     * Returns an address that a server can listen on.
     *
     * @throws IllegalArgumentException if it is of another kind, or its host could not be resolved
     */
    static SocketAddress checkAddress(SocketAddress address) {
        if (!(address instanceof InetSocketAddress || address instanceof UnixDomainSocketAddress)) {
            throw new IllegalArgumentException(
                    "a server listens on host and port or on a Unix domain socket, not on " + address);
        }
        if (address instanceof InetSocketAddress inet && inet.isUnresolved()) {
            throw new IllegalArgumentException("a server cannot listen at " + address + ": the host \""
                    + inet.getHostString() + "\" is not known");
        }
        return address;
    }

    Binding withHosts(@Nullable HostPolicy served) {
        return new Binding(address, tls, proxyProtocol, sockets, served);
    }

    /** This binding for a proxy that names its client in a PROXY header: it may forward requests for any host. */
    private Binding proxied() {
        return hosts == null ? withHosts(HostPolicy.ANY) : this;
    }

    /** Whether the system chooses the port. */
    boolean isOnAnyPort() {
        return address instanceof InetSocketAddress inet && inet.getPort() == 0;
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
        boolean fromProxy =
                channel.getRemoteAddress() instanceof InetSocketAddress peer && proxyProtocol.isTrusted(peer);
        boolean waits = fromProxy || (tls != null && tls.isByHost());
        SSLEngine engine = tls == null || waits ? null : tls.engine("");
        Links.accepted(loop, channel, engine, waits ? null : tap, link -> {
            link.whenClosed(permit);
            HttpDriver http = new HttpDriver(config, fromProxy ? proxied() : this, link, permit);
            if (fromProxy) {
                return new ProxyHeaderSniffer(
                        link, http, (header, rest) -> behindHeader(link, header, rest, http, tap, permit));
            }
            return tls != null && waits ? new SniSniffer(tls, link, tap, http) : http;
        });
    }

    /** Starts the protocol behind a PROXY header, on behalf of the client that the header names. */
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
        } else {
            link.startTls(tls.engine(""), tap);
        }
        link.feed(rest);
    }

    /** The address that a new connection counts for; null for a proxy, whose clients count when it names them. */
    private @Nullable InetAddress counted(ServerConfig config, SocketAddress remote) {
        InetSocketAddress peer = remote instanceof InetSocketAddress inet ? inet : null;
        return peer == null || config.proxies().isTrusted(peer) || proxyProtocol.isTrusted(peer)
                ? null
                : peer.getAddress();
    }

    /**
     * Refuses a request for a host that this address does not serve, or that its TLS session does not serve (RFC 9110
     * §7.4).
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

    /**
     * DNS rebinding is an attack on direct connections of a browser, so requests from a trusted proxy may name any
     * host.
     */
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
