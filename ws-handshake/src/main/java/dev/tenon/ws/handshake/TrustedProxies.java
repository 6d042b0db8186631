package dev.tenon.ws.handshake;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The reverse proxies that are believed when they say who a client is. What anybody else says is ignored.
 *
 * <p>A proxy appends the address that it was asked from, so the list is read from its end: past all trusted proxies, to
 * the first address that is none. What stands before that came from the client. What a proxy writes is read as the RFC has
 * it and as known proxies write it; where it is unclear, the client is unknown. No request is refused for it.
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
    /** The header that holds the address, if the source is one. */
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
     * Who a request is from.
     *
     * @param address the client's address, with port 0 where no proxy tells it; null if the client has none or a trusted
     *     proxy hides it
     * @param secure whether the client speaks TLS, to the proxy or to this server
     * @param authority the host, and perhaps the port, that the client asked the proxies for; null if they do not say it, or
     *     are not believed in that: then it is that of the request
     */
    public record Client(
            @Nullable InetSocketAddress address,
            boolean secure,
            @Nullable String authority) {}

    /**
     * Believes nobody.
     *
     * @return the default
     */
    public static TrustedProxies none() {
        return NONE;
    }

    /**
     * Believes proxies that write {@code Forwarded} (RFC 7239), and nothing else that they pass on.
     *
     * @param proxies IP addresses and blocks, such as {@code 192.0.2.7}, {@code 10.0.0.0/8} or {@code fd00::/8};
     *     {@code unix:} for whoever connects through a Unix domain socket
     * @return the proxies
     * @throws IllegalArgumentException if one is malformed
     */
    public static TrustedProxies forwarded(String... proxies) {
        return of(proxies, Source.FORWARDED, "");
    }

    /**
     * Believes proxies that write {@code X-Forwarded-For} and {@code X-Forwarded-Proto}, and nothing else that they pass
     * on. They must set the latter, or remove it.
     *
     * @param proxies as in {@link #forwarded}
     * @return the proxies
     * @throws IllegalArgumentException if one is malformed
     */
    public static TrustedProxies xForwarded(String... proxies) {
        return of(proxies, Source.X_FORWARDED, "");
    }

    /**
     * Believes proxies that write the client's address into a header of its own, such as {@code X-Real-IP} or
     * {@code CF-Connecting-IP}, and {@code X-Forwarded-Proto}. They must overwrite both, or remove them.
     *
     * @param header the header's name; if a request has several of it, the client is unknown
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
     * Believes the same proxies also in which host the client asked for: {@code host} of {@code Forwarded}, or
     * {@code X-Forwarded-Host} and {@code X-Forwarded-Port}. They must set or remove these. Better than this is a proxy
     * that passes {@code Host} on.
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
     * @return whether it is believed
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
     * Finds out who a request is from.
     *
     * @param request the request
     * @param peer the other end of the connection that it came by, or null if that is a Unix domain socket
     * @param secure whether that connection is TLS
     * @return the client; what was handed in, unless the peer is trusted and tells more
     */
    public Client client(HttpRequest request, @Nullable InetSocketAddress peer, boolean secure) {
        Client client = new Client(peer, secure, null);
        if (!isTrusted(peer)) {
            return client;
        }
        Headers headers = request.headers();
        return switch (source) {
            case X_FORWARDED -> behind(client, XForwardedHeaders.hops(headers, headers.elements("X-Forwarded-For")));
            case ADDRESS -> behind(client, XForwardedHeaders.hops(headers, headers.all(addressHeader), true));
            case FORWARDED -> {
                List<ForwardedHeader.Hop> hops = new ArrayList<>();
                headers.all("Forwarded").forEach(line -> hops.addAll(ForwardedHeader.hops(line)));
                yield behind(client, hops);
            }
        };
    }

    /** Whoever stands in front of the proxies at the end of a list, of which the last one is trusted. */
    private Client behind(Client nearest, List<ForwardedHeader.Hop> hops) {
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
            return reporter.address(); // there is X-Forwarded-Proto alone
        }
        return source == Source.FORWARDED ? ForwardedNode.inForwarded(hop.node()) : ForwardedNode.inList(hop.node());
    }

    /**
     * Whether whoever asked a proxy through a Unix domain socket is trusted. It runs on the machine of that proxy. If that
     * is this one, and the proxy is trusted by its loopback address, then so is every process here.
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
        boolean told = hosts && host != null && Authority.parse(host) != null;
        return told ? host : reporter.authority();
    }
}
