package dev.tenon.ws.handshake;

import static dev.tenon.ws.handshake.HandshakeException.refuse;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code Forwarded} (RFC 7239 §4) and the nodes in it and in {@code X-Forwarded-For}. */
final class ForwardedHeader {
    /** One element: what one proxy says of whoever it was asked by. Null where it says nothing. */
    record Hop(@Nullable String node, @Nullable String proto) {}

    private final String line;
    private int at;

    private ForwardedHeader(String line) {
        this.line = line;
    }

    /** All elements of a line, in order: the client's end first, this end last. */
    static List<Hop> hops(String line) {
        List<Hop> hops = new ArrayList<>();
        new ForwardedHeader(line).readTo(hops);
        return hops;
    }

    private void readTo(List<Hop> hops) {
        while (at < line.length()) {
            String node = null;
            String proto = null;
            boolean empty = true;
            Set<String> names = new HashSet<>();
            for (boolean more = true; more; more = skip(';')) {
                skipSpace();
                if (at == line.length() || line.charAt(at) == ';' || line.charAt(at) == ',') {
                    continue;
                }
                String name = token().toLowerCase(Locale.ROOT);
                if (!skip('=') || !names.add(name)) {
                    throw malformed();
                }
                String value = value();
                empty = false;
                node = name.equals("for") ? value : node;
                proto = name.equals("proto") ? value : proto;
                skipSpace();
            }
            if (at < line.length() && !skip(',')) {
                throw malformed();
            }
            if (!empty) {
                hops.add(new Hop(node, proto));
            }
        }
    }

    private boolean skip(char c) {
        if (at < line.length() && line.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private void skipSpace() {
        while (at < line.length() && HttpSyntax.isSpace(line.charAt(at))) {
            at++;
        }
    }

    private String value() {
        return skip('"') ? quoted() : token();
    }

    private String token() {
        int start = at;
        while (at < line.length() && HttpSyntax.isTokenChar(line.charAt(at))) {
            at++;
        }
        if (at == start) {
            throw malformed();
        }
        return line.substring(start, at);
    }

    /** RFC 9110 §5.6.4, behind the first quote. */
    private String quoted() {
        StringBuilder text = new StringBuilder();
        while (!skip('"')) {
            skip('\\');
            if (at == line.length()) {
                throw malformed();
            }
            text.append(line.charAt(at++));
        }
        return text.toString();
    }

    private static HandshakeException malformed() {
        return refuse(400, "a malformed Forwarded");
    }

    /**
     * The address of a node (RFC 7239 §6): with or without a port, which is 0 then. An IPv6 address may go without its
     * brackets, as it does in X-Forwarded-For. Null for {@code unknown} and for what a proxy made up to hide an address.
     */
    static @Nullable InetSocketAddress address(@Nullable String node) {
        if (node == null || isHidden(node)) {
            return null;
        }
        InetAddress bare = IpAddress.parse(node);
        if (bare != null) {
            return new InetSocketAddress(bare, 0);
        }
        int colon = node.lastIndexOf(':');
        int end = node.endsWith("]") || colon < 0 ? node.length() : colon;
        boolean brackets = node.startsWith("[") && node.charAt(end - 1) == ']';
        String host = brackets ? node.substring(1, end - 1) : node.substring(0, end);
        InetAddress address = brackets == host.indexOf(':') >= 0 ? IpAddress.parse(host) : null;
        long port = end == node.length() ? 0 : port(node.substring(end + 1));
        if (address == null || port < 0 || port > 65_535) {
            throw refuse(400, "a forwarded address that is none");
        }
        return new InetSocketAddress(address, (int) port);
    }

    private static boolean isHidden(String node) {
        int colon = node.indexOf(':');
        String name = colon < 0 ? node : node.substring(0, colon);
        return name.startsWith("_") || name.equalsIgnoreCase("unknown");
    }

    private static long port(String text) {
        return text.startsWith("_") ? 0 : HttpSyntax.number(text);
    }
}
