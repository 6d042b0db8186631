package dev.tenon.ws.handshake;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Reads the address of one hop in {@code Forwarded} (RFC 7239 §6) and in {@code X-Forwarded-For}. */
final class ForwardedNode {
    private ForwardedNode() {}

    /** Whether a proxy received the request through a Unix domain socket, in the form that nginx writes. */
    static boolean isUnixSocket(@Nullable String node) {
        return node != null && node.regionMatches(true, 0, "unix:", 0, 5);
    }

    /**
     * The address in {@code Forwarded}. An IPv6 address without brackets is read if it has one meaning only:
     * {@code 2001:db8::1:8080} may or may not end in a port.
     *
     * @return the address, with port 0 if there is none; null for {@code unknown}, for names, and for ambiguous text
     */
    static @Nullable InetSocketAddress inForwarded(@Nullable String node) {
        boolean unclear = node != null && node.indexOf('[') < 0 && node.contains("::") && endsInPort(node);
        return unclear ? null : address(node);
    }

    /**
     * The address in {@code X-Forwarded-For} and similar headers, where an IPv6 address without brackets has no port.
     */
    static @Nullable InetSocketAddress inList(@Nullable String node) {
        if (node != null && node.length() > 1 && node.startsWith("\"") && node.endsWith("\"")) {
            return address(node.substring(1, node.length() - 1));
        }
        return address(node);
    }

    private static boolean endsInPort(String node) {
        int colon = node.lastIndexOf(':');
        return port(node.substring(colon + 1)) > 0
                && node.charAt(colon + 1) != '0'
                && ipv6(node.substring(0, colon)) != null
                && ipv6(node) != null;
    }

    private static @Nullable InetSocketAddress address(@Nullable String node) {
        if (node == null) {
            return null;
        }
        InetAddress bare = node.indexOf(':') < 0 ? IpAddress.parse(node) : ipv6(node);
        if (bare != null) {
            return new InetSocketAddress(bare, 0);
        }
        int colon = node.endsWith("]") ? -1 : node.lastIndexOf(':');
        String host = colon < 0 ? node : node.substring(0, colon);
        InetAddress address = host.startsWith("[") && host.endsWith("]")
                ? ipv6(host.substring(1, host.length() - 1))
                : colon < 0 ? null : host.indexOf(':') < 0 ? IpAddress.parse(host) : ipv6(host);
        if (address == null) {
            return null;
        }
        return new InetSocketAddress(address, colon < 0 ? 0 : Math.max(0, port(node.substring(colon + 1))));
    }

    /** An IPv6 address; its zone is ignored. */
    private static @Nullable InetAddress ipv6(String text) {
        String address = HostZone.without(text);
        return address.indexOf(':') < 0 ? null : IpAddress.parse(address);
    }

    /** A port, or -1 if there is none; an obfuscated port (RFC 7239 §6.3) counts as none. */
    private static int port(String text) {
        long port = HttpSyntax.number(text);
        return port > 65_535 ? -1 : (int) port;
    }
}
