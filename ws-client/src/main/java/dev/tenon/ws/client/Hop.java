package dev.tenon.ws.client;

import dev.tenon.ws.handshake.WebSocketUri;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import org.jspecify.annotations.Nullable;

/**
 * Where the TCP connection of an attempt goes: to the server, or to a proxy.
 *
 * @param uri what is to be reached
 * @param proxy what it is reached by
 */
record Hop(WebSocketUri uri, Proxy proxy) {
    boolean isDirect() {
        return proxy.type() == Proxy.Type.DIRECT;
    }

    private InetSocketAddress proxyAddress() {
        return (InetSocketAddress) proxy.address();
    }

    String host() {
        return isDirect() ? uri.host() : proxyAddress().getHostString();
    }

    int port() {
        return isDirect() ? uri.port() : proxyAddress().getPort();
    }

    /** Its address, where nothing has to be looked up for it; else null. */
    @Nullable
    InetAddress knownAddress() {
        boolean resolved = !isDirect() && !proxyAddress().isUnresolved();
        return resolved ? proxyAddress().getAddress() : Addresses.literal(host());
    }

    /** The server as CONNECT names it (RFC 9110 §9.3.6). */
    String authority() {
        return (uri.host().indexOf(':') < 0 ? uri.host() : "[" + uri.host() + "]") + ":" + uri.port();
    }

    /** For messages. */
    @Override
    public String toString() {
        return isDirect() ? authority() : "the proxy " + host() + ":" + port();
    }
}
