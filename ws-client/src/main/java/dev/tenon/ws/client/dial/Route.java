package dev.tenon.ws.client.dial;

import dev.tenon.ws.handshake.WebSocketUri;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import org.jspecify.annotations.Nullable;

/**
 * Where a TCP connection goes: to the server, or to a proxy that leads there.
 *
 * @param uri the server
 * @param proxy the proxy, or {@link Proxy#NO_PROXY}
 */
public record Route(WebSocketUri uri, Proxy proxy) {
    /** A route by a proxy that a selector has named. */
    public static Route of(WebSocketUri uri, Proxy proxy) throws IOException {
        if (proxy.type() != Proxy.Type.DIRECT && !(proxy.address() instanceof InetSocketAddress)) {
            throw new IOException("the proxy selector has given a proxy without an address: " + proxy);
        }
        return new Route(uri, proxy);
    }

    public boolean isDirect() {
        return proxy.type() == Proxy.Type.DIRECT;
    }

    private InetSocketAddress proxyAddress() {
        return (InetSocketAddress) proxy.address();
    }

    /** The host to connect to: the server or the proxy. */
    public String host() {
        return isDirect() ? uri.host() : proxyAddress().getHostString();
    }

    public int port() {
        return isDirect() ? uri.port() : proxyAddress().getPort();
    }

    /** The address to connect to where no look-up is needed, else null. */
    public @Nullable InetAddress knownAddress() {
        boolean resolved = !isDirect() && !proxyAddress().isUnresolved();
        return resolved ? proxyAddress().getAddress() : Addresses.literal(host());
    }

    /** The server as CONNECT names it (RFC 9110 §9.3.6). */
    public String authority() {
        return authority(uri);
    }

    /** Host and port of a server; an IPv6 address stands in brackets, without its zone. */
    public static String authority(WebSocketUri uri) {
        String host = uri.host();
        int zone = host.indexOf('%'); // means something on this machine alone (RFC 6874 §4)
        String address = zone < 0 ? host : host.substring(0, zone);
        return (address.indexOf(':') < 0 ? address : "[" + address + "]") + ":" + uri.port();
    }

    /** What the route connects to, for messages. */
    @Override
    public String toString() {
        return isDirect() ? authority() : "the proxy " + host() + ":" + port();
    }
}
