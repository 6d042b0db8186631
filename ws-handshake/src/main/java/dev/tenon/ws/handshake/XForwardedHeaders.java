package dev.tenon.ws.handshake;

import dev.tenon.ws.handshake.ForwardedHeader.Hop;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code X-Forwarded-For}, {@code -Proto}, {@code -Host} and {@code -Port} as one list of hops, this end last. */
final class XForwardedHeaders {
    private XForwardedHeaders() {}

    /** A header that holds one address; several of it contradict each other. */
    static List<Hop> hops(Headers headers, List<String> addresses, boolean single) {
        return hops(headers, single && addresses.size() > 1 ? List.of("unknown") : addresses);
    }

    /**
     * All lists side by side, from their ends. Proxies that do not append to one overwrite it, so its last value counts on.
     * If there are no addresses, one hop says the rest.
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
