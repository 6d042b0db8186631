package dev.tenon.ws.handshake;

import dev.tenon.ws.handshake.ForwardedHeader.Hop;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code X-Forwarded-For}, {@code -Proto}, {@code -Host} and {@code -Port} as one list of hops, the nearest proxy
 * last.
 */
final class XForwardedHeaders {
    private XForwardedHeaders() {}

    /** Reads a header with one address; several such headers make the client unknown. */
    static List<Hop> hops(Headers headers, List<String> addresses, boolean single) {
        return hops(headers, single && addresses.size() > 1 ? List.of("unknown") : addresses);
    }

    /**
     * Combines the lists from their ends. A proxy that does not append to a list overwrites it, so the last value of a
     * shorter list counts for the earlier hops too. Without addresses, the list has one hop.
     */
    static List<Hop> hops(Headers headers, List<String> nodes) {
        List<String> protos = headers.elements("X-Forwarded-Proto");
        List<String> hosts = headers.elements("X-Forwarded-Host");
        List<String> ports = headers.elements("X-Forwarded-Port");
        if (nodes.isEmpty()) {
            String proto = fromEnd(protos, 0);
            return proto == null ? List.of() : List.of(new Hop(null, proto, host(hosts, ports, 0)));
        }
        List<Hop> hops = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            int behind = nodes.size() - 1 - i;
            hops.add(new Hop(nodes.get(i), fromEnd(protos, behind), host(hosts, ports, behind)));
        }
        return hops;
    }

    private static @Nullable String fromEnd(List<String> values, int behind) {
        return values.isEmpty() ? null : values.get(Math.max(0, values.size() - 1 - behind));
    }

    private static @Nullable String host(List<String> hosts, List<String> ports, int behind) {
        String host = fromEnd(hosts, behind);
        String port = fromEnd(ports, behind);
        Authority authority = host == null ? null : Authority.parse(host);
        return authority == null || port == null || authority.port() >= 0 ? host : host + ":" + port;
    }
}
