package dev.tenon.ws.client;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;

/**
 * Finds the addresses of a host. It may block: it is called on the client's executor, never on an event loop, and
 * interrupted when its result is no longer needed. It is not called for literal addresses, nor for a host behind a
 * proxy. Must be thread-safe.
 */
@FunctionalInterface
public interface Resolver {
    /**
     * Finds the addresses of a host.
     *
     * @param host a name in ASCII
     * @return its addresses, the preferred ones first; the client tries IPv4 and IPv6 alternately (RFC 8305 §4)
     * @throws IOException if there are none
     */
    List<InetAddress> resolve(String host) throws IOException;

    /**
     * Returns the resolver of the platform.
     *
     * @return a resolver that calls {@link InetAddress#getAllByName}
     */
    static Resolver system() {
        return host -> List.of(InetAddress.getAllByName(host));
    }
}
