package dev.tenon.ws.client.dial;

import dev.tenon.ws.handshake.WebSocketUri;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import org.jspecify.annotations.Nullable;

/**
 * The destination of a TCP connection: the server, or a proxy that connects to it.
 *
 * @param uri the server
 * @param proxy the proxy, or {@link Proxy#NO_PROXY}
 */
public record Route(WebSocketUri uri, Proxy proxy) {
    /** A route through a proxy of a selector. */
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

    /** Returns the host to connect to: the server or the proxy. */
    public String host() {
        return isDirect() ? uri.host() : proxyAddress().getHostString();
    }

    public int port() {
        return isDirect() ? uri.port() : proxyAddress().getPort();
    }

    /** Returns the address to connect to if no look-up is needed, otherwise null. */
    public @Nullable InetAddress knownAddress() {
        boolean resolved = !isDirect() && !proxyAddress().isUnresolved();
        return resolved ? proxyAddress().getAddress() : Addresses.literal(host());
    }

    /** Returns the host and port of the server for CONNECT (RFC 9110 §9.3.6). */
    public String authority() {
        return authority(uri);
    }

    /** Host and port of a server; an IPv6 address stands in brackets, without its zone. */
    public static String authority(WebSocketUri uri) {
        String host = uri.host();
        int zone = host.indexOf('%'); // a zone has a meaning on this machine only (RFC 6874 §4)
        String address = zone < 0 ? host : host.substring(0, zone);
        return (address.indexOf(':') < 0 ? address : "[" + address + "]") + ":" + uri.port();
    }

    /** Returns the destination for messages. */
    @Override
    public String toString() {
        return isDirect() ? authority() : "the proxy " + host() + ":" + port();
    }
}
