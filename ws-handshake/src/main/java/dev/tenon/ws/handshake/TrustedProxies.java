package dev.tenon.ws.handshake;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The reverse proxies that are believed when they say who a client is. What anybody else says is ignored.
 *
 * <p>A proxy appends the address that it was asked from, so the list is read from its end: past all trusted proxies, to
 * the first address that is none. What stands before that came from the client and is not looked at, but for what
 * stands in the same line of {@code Forwarded}, which has to be well-formed. Immutable and thread-safe.
 */
public final class TrustedProxies {
    private static final TrustedProxies NONE = new TrustedProxies(List.of(), false, Header.FORWARDED);
    private static final String LOCAL = "unix:";

    private enum Header {
        FORWARDED,
        X_FORWARDED
    }

    private final List<IpBlock> blocks;
    private final boolean local;
    private final Header header;

    private TrustedProxies(List<IpBlock> blocks, boolean local, Header header) {
        this.blocks = List.copyOf(blocks);
        this.local = local;
        this.header = header;
    }

    /**
     * Who a request is from.
     *
     * @param address the client's address, with port 0 where no proxy tells it; null if the client has none or a trusted
     *     proxy hides it
     * @param secure whether the client speaks TLS, to the proxy or to this server
     */
    public record Client(@Nullable InetSocketAddress address, boolean secure) {}

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
        return of(proxies, Header.FORWARDED);
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
        return of(proxies, Header.X_FORWARDED);
    }

    private static TrustedProxies of(String[] proxies, Header header) {
        List<IpBlock> blocks = new ArrayList<>();
        boolean local = false;
        for (String proxy : proxies) {
            if (proxy.equals(LOCAL)) {
                local = true;
            } else {
                blocks.add(IpBlock.parse(proxy));
            }
        }
        return new TrustedProxies(blocks, local, header);
    }

    /**
     * Whether a peer is one of these proxies.
     *
     * @param peer the other end of the connection, or null if that is a Unix domain socket
     * @return whether it is believed
     */
    public boolean trust(@Nullable InetSocketAddress peer) {
        return peer == null ? local : trusts(peer);
    }

    private boolean trusts(InetSocketAddress hop) {
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
     * @throws HandshakeException with 400 if what a trusted proxy has written is malformed
     */
    public Client client(HttpRequest request, @Nullable InetSocketAddress peer, boolean secure) {
        if (!trust(peer)) {
            return new Client(peer, secure);
        }
        Client client = new Client(peer, secure);
        if (header == Header.X_FORWARDED) {
            return behind(client, xForwarded(request.headers()));
        }
        List<String> lines = request.headers().all("Forwarded");
        for (int i = lines.size() - 1; i >= 0; i--) {
            List<ForwardedHeader.Hop> hops = ForwardedHeader.hops(lines.get(i));
            client = behind(client, hops);
            if (!hops.isEmpty() && !isTrusted(client)) {
                break;
            }
        }
        return client;
    }

    /** Whoever stands in front of the proxies at the end of a list, of which the last one is trusted. */
    private Client behind(Client nearest, List<ForwardedHeader.Hop> hops) {
        Client client = nearest;
        for (int i = hops.size() - 1; i >= 0; i--) {
            ForwardedHeader.Hop hop = hops.get(i);
            boolean secure = hop.proto() == null ? client.secure() : isSecure(hop.proto());
            client = new Client(ForwardedHeader.address(hop.node()), secure);
            if (!isTrusted(client)) {
                break;
            }
        }
        return client;
    }

    private boolean isTrusted(Client client) {
        return client.address() != null && trusts(client.address());
    }

    private static boolean isSecure(String proto) {
        return proto.equalsIgnoreCase("https") || proto.equalsIgnoreCase("wss");
    }

    /** Both lists side by side, from their ends; proxies that do not append overwrite, so the last one counts on. */
    private static List<ForwardedHeader.Hop> xForwarded(Headers headers) {
        List<String> nodes = headers.elements("X-Forwarded-For");
        List<String> protos = headers.elements("X-Forwarded-Proto");
        List<ForwardedHeader.Hop> hops = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            int fromEnd = Math.min(nodes.size() - 1 - i, protos.size() - 1);
            String proto = protos.isEmpty() ? null : protos.get(protos.size() - 1 - fromEnd);
            hops.add(new ForwardedHeader.Hop(nodes.get(i), proto));
        }
        return hops;
    }
}
