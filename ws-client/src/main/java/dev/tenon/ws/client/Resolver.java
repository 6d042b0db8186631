package dev.tenon.ws.client;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;

/**
 * Finds the addresses of a host. It may block: it is called on the client's executor, never on an event loop, and
 * interrupted when its answer is not wanted any more. It is not asked about address literals, nor about a host that is
 * reached through a proxy. Must be thread-safe.
 */
@FunctionalInterface
public interface Resolver {
    /**
     * Finds the addresses of a host.
     *
     * @param host a name in ASCII
     * @return its addresses, the preferred ones first; the families are tried in turn (RFC 8305 §4)
     * @throws IOException if there is none
     */
    List<InetAddress> resolve(String host) throws IOException;

    /**
     * The resolver of the platform.
     *
     * @return asks {@link InetAddress#getAllByName}
     */
    static Resolver system() {
        return host -> List.of(InetAddress.getAllByName(host));
    }
}
