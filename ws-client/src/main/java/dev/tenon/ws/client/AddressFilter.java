package dev.tenon.ws.client;

import dev.tenon.ws.client.dial.PublicAddresses;
import java.net.InetSocketAddress;

/**
 * Decides which addresses may be connected to. A client asks it about each address right before it dials: the addresses of
 * servers, of the targets of redirects and of proxies, literals too. What the resolver has said counts for nothing else, so
 * a name that changes its address between two look-ups changes nothing.
 *
 * <p>A server that is reached through a proxy is looked up by the proxy. The filter is asked about such a server only if its
 * host is an address, in any form that a system reads as one, such as {@code 0xa9fea9fe} or {@code 169.254.43518}; deny
 * names to the proxy itself.
 */
@FunctionalInterface
public interface AddressFilter {
    /** Allows every address. */
    AddressFilter ANY = (host, address) -> true;

    /**
     * Allows addresses of the public internet alone, for clients whose URIs are chosen by others (server-side request
     * forgery): no loopback, private, link-local, shared, multicast, documentation or reserved address of IPv4 or IPv6, and
     * none of IPv6 that leads to such an address of IPv4 (mapped, NAT64, 6to4, Teredo).
     */
    AddressFilter PUBLIC = (host, address) -> PublicAddresses.contains(address.getAddress());

    /**
     * Whether an address may be connected to. Called on an event loop; must not block.
     *
     * @param host the host whose address it is: that of the URI, of a redirect's target or of a proxy
     * @param address a resolved address and the port
     * @return false to leave the address out
     */
    boolean allows(String host, InetSocketAddress address);
}
