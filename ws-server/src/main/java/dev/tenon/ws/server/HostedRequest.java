package dev.tenon.ws.server;

import dev.tenon.ws.handshake.HttpRequest;
import java.net.InetSocketAddress;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * A request that the host of {@link HostedRoutes} has read. Immutable and thread-safe.
 *
 * @param head method, target, version and headers
 * @param remote the address of the other end of the connection, or null if it has no such address
 * @param local the address of this end of the connection, or null if it has no such address
 * @param secure whether the connection is TLS or QUIC
 * @param session the TLS session, or null if there is none or the host does not know it
 */
public record HostedRequest(
        HttpRequest head,
        @Nullable InetSocketAddress remote,
        @Nullable InetSocketAddress local,
        boolean secure,
        @Nullable SSLSession session) {
    /** Whether only programs on this machine can reach this end. */
    boolean isOnLoopback() {
        return local != null && local.getAddress() != null && local.getAddress().isLoopbackAddress();
    }
}
