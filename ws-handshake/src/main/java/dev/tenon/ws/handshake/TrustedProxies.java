package dev.tenon.ws.handshake;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The reverse proxies whose headers a server trusts. It ignores the same headers from all other peers.
 *
 * <p>Each proxy appends the address of its peer, so the list is read from its end, past all trusted proxies, to the
 * first other address: that is the client. Entries before it may be forged by the client. Headers are read in the form
 * of the RFC and in those of known proxies. If they are ambiguous, the client is unknown; the request is not refused.
 *
 * <p>Immutable and thread-safe.
 */
public final class TrustedProxies {
    private static final String UNIX_SOCKET = "unix:";
    private static final TrustedProxies NONE = new TrustedProxies(List.of(), false, Source.FORWARDED, "", false);

    private enum Source {
        FORWARDED,
        X_FORWARDED,
        ADDRESS
    }

    private final List<IpBlock> blocks;
    private final boolean unixSocket;
    private final Source source;
    /** The header with the client's address, if one was configured. */
    private final String addressHeader;

    private final boolean hosts;

    private TrustedProxies(
            List<IpBlock> blocks, boolean unixSocket, Source source, String addressHeader, boolean hosts) {
        this.blocks = List.copyOf(blocks);
        this.unixSocket = unixSocket;
        this.source = source;
        this.addressHeader = addressHeader;
        this.hosts = hosts;
    }

    /**
     * The client of a request.
     *
     * @param address the client's address, with port 0 if no proxy reports it; null if the client has none or a trusted
     *     proxy hides it
     * @param secure whether the client uses TLS, to the proxy or to this server
     * @param authority the host, and possibly the port, of the client's request to the proxy; null if the proxies do
     *     not report it or are not trusted to: then that of this request counts
     */
    public record Client(
            @Nullable InetSocketAddress address,
            boolean secure,
            @Nullable String authority) {}

    /**
     * Trusts no proxy.
     *
     * @return the default
     */
    public static TrustedProxies none() {
        return NONE;
    }

    /**
     * Trusts proxies for {@code Forwarded} (RFC 7239), and for no other header.
     *
     * @param proxies IP addresses and blocks, such as {@code 192.0.2.7}, {@code 10.0.0.0/8} or {@code fd00::/8};
     *     {@code unix:} for peers on a Unix domain socket
     * @return the proxies
     * @throws IllegalArgumentException if one is malformed
     */
    public static TrustedProxies forwarded(String... proxies) {
        return of(proxies, Source.FORWARDED, "");
    }

    /**
     * Trusts proxies for {@code X-Forwarded-For} and {@code X-Forwarded-Proto}, and for no other header. They must set
     * or remove {@code X-Forwarded-Proto} in every request.
     *
     * @param proxies as in {@link #forwarded}
     * @return the proxies
     * @throws IllegalArgumentException if one is malformed
     */
    public static TrustedProxies xForwarded(String... proxies) {
        return of(proxies, Source.X_FORWARDED, "");
    }

    /**
     * Trusts proxies for a header with the client's address alone, such as {@code X-Real-IP} or
     * {@code CF-Connecting-IP}, and for {@code X-Forwarded-Proto}. They must overwrite or remove both in every request.
     *
     * @param header the header's name; if a request has it more than once, the client is unknown
     * @param proxies as in {@link #forwarded}
     * @return the proxies
     * @throws IllegalArgumentException if one is malformed, or the name is not a token
     */
    public static TrustedProxies addressHeader(String header, String... proxies) {
        return of(proxies, Source.ADDRESS, HttpSyntax.requireToken("a header's name", header));
    }

    private static TrustedProxies of(String[] proxies, Source source, String addressHeader) {
        List<IpBlock> blocks = new ArrayList<>();
        boolean unixSocket = false;
        for (String proxy : proxies) {
            if (proxy.equals(UNIX_SOCKET)) {
                unixSocket = true;
            } else {
                blocks.add(IpBlock.parse(proxy));
            }
        }
        return new TrustedProxies(blocks, unixSocket, source, addressHeader, false);
    }

    /**
     * Trusts the same proxies for the host of the client's request too: {@code host} of {@code Forwarded}, or
     * {@code X-Forwarded-Host} and {@code X-Forwarded-Port}. They must set or remove these in every request. A proxy
     * that passes {@code Host} on is the better choice.
     *
     * @return new proxies
     */
    public TrustedProxies withHosts() {
        return new TrustedProxies(blocks, unixSocket, source, addressHeader, true);
    }

    /**
     * Whether a peer is one of these proxies.
     *
     * @param peer the other end of the connection, or null if that is a Unix domain socket
     * @return whether it is trusted
     */
    public boolean isTrusted(@Nullable InetSocketAddress peer) {
        return peer == null ? unixSocket : contains(peer);
    }

    private boolean contains(InetSocketAddress hop) {
        for (IpBlock block : blocks) {
            if (hop.getAddress() != null && block.contains(hop.getAddress())) {
                return true;
            }
        }
        return false;
    }

    /**
     * Finds the client of a request.
     *
     * @param request the request
     * @param peer the other end of its connection, or null if that is a Unix domain socket
     * @param secure whether that connection uses TLS
     * @return the client that a trusted peer reports; otherwise {@code peer} and {@code secure}
     */
    public Client client(HttpRequest request, @Nullable InetSocketAddress peer, boolean secure) {
        Client client = new Client(peer, secure, null);
        if (!isTrusted(peer)) {
            return client;
        }
        Headers headers = request.headers();
        return switch (source) {
            case X_FORWARDED -> clientOf(client, XForwardedHeaders.hops(headers, headers.elements("X-Forwarded-For")));
            case ADDRESS -> clientOf(client, XForwardedHeaders.hops(headers, headers.all(addressHeader), true));
            case FORWARDED -> {
                List<ForwardedHeader.Hop> hops = new ArrayList<>();
                headers.all("Forwarded").forEach(line -> hops.addAll(ForwardedHeader.hops(line)));
                yield clientOf(client, hops);
            }
        };
    }

    /** The last entry of a list before the trusted proxies at its end. */
    private Client clientOf(Client nearest, List<ForwardedHeader.Hop> hops) {
        Client client = nearest;
        for (int i = hops.size() - 1; i >= 0; i--) {
            ForwardedHeader.Hop hop = hops.get(i);
            Client reporter = client;
            client = new Client(address(hop, reporter), isSecure(hop, reporter), authority(hop, reporter));
            boolean trusted = ForwardedNode.isUnixSocket(hop.node())
                    ? isUnixSocketTrusted(reporter)
                    : client.address() != null && contains(client.address());
            if (!trusted) {
                break;
            }
        }
        return client;
    }

    private @Nullable InetSocketAddress address(ForwardedHeader.Hop hop, Client reporter) {
        if (hop.node() == null && source != Source.FORWARDED) {
            return reporter.address(); // the request has only X-Forwarded-Proto
        }
        return source == Source.FORWARDED ? ForwardedNode.inForwarded(hop.node()) : ForwardedNode.inList(hop.node());
    }

    /**
     * Whether a process that has sent the request to a proxy through a Unix domain socket is trusted. It runs on the
     * proxy's machine. If that is this machine, and its loopback address is trusted, then every local process is.
     */
    private boolean isUnixSocketTrusted(Client reporter) {
        InetSocketAddress address = reporter.address();
        return unixSocket
                || (address != null
                        && address.getAddress() != null
                        && address.getAddress().isLoopbackAddress());
    }

    private static boolean isSecure(ForwardedHeader.Hop hop, Client reporter) {
        String proto = hop.proto();
        return proto == null ? reporter.secure() : proto.equalsIgnoreCase("https") || proto.equalsIgnoreCase("wss");
    }

    private @Nullable String authority(ForwardedHeader.Hop hop, Client reporter) {
        String host = hop.host();
        boolean hasHost = hosts && host != null && Authority.parse(host) != null;
        return hasHost ? host : reporter.authority();
    }
}
