package dev.tenon.ws.client;

import dev.tenon.ws.client.dial.PublicAddresses;
import java.net.InetSocketAddress;

/**
 * Decides to which addresses a client may connect. The client checks each address right before it connects: of servers,
 * of targets of redirects, of proxies, also literal ones. It connects to exactly the checked address, so a name that
 * changes its address between two look-ups cannot bypass the filter.
 *
 * <p>If a connection goes through a proxy, the proxy looks up the server. The filter then checks the server only if its
 * host is a literal address, also in unusual forms such as {@code 0xa9fea9fe} or {@code 169.254.43518}; configure the
 * proxy to deny names.
 */
@FunctionalInterface
public interface AddressFilter {
    /** Allows every address. */
    AddressFilter ANY = (host, address) -> true;

    /**
     * Allows only addresses of the public internet, against server-side request forgery, for clients whose URIs come
     * from others: no loopback, private, link-local, shared, multicast, documentation or reserved address of IPv4 or
     * IPv6, and no IPv6 address that contains such an IPv4 address (mapped, NAT64, 6to4, Teredo).
     */
    AddressFilter PUBLIC = (host, address) -> PublicAddresses.contains(address.getAddress());

    /**
     * Whether the client may connect to an address. Called on an event loop; must not block.
     *
     * @param host the host of the URI, of a redirect's target or of a proxy
     * @param address an address of that host, and the port
     * @return false to skip the address
     */
    boolean allows(String host, InetSocketAddress address);
}
