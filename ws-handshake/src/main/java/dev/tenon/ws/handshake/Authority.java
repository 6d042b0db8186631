package dev.tenon.ws.handshake;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A host and an optional port, as in {@code Host} and in URIs, without user info (RFC 3986 §3.2).
 *
 * @param host in lower case; an IPv6 address in its brackets
 * @param port the port, or -1 if there is none
 */
record Authority(String host, int port) {
    private static final int MAX_HOST = 253;

    /** Reads an authority in ASCII; returns null if it is malformed. */
    static @Nullable Authority parse(String text) {
        int hostEnd = text.startsWith("[") ? text.indexOf(']') + 1 : text.indexOf(':');
        if (hostEnd < 0) {
            hostEnd = text.length();
        }
        String host = text.substring(0, hostEnd);
        int port = port(text, hostEnd);
        if (port < -1 || !(host.startsWith("[") ? isIpv6(host) : isName(host))) {
            return null;
        }
        return new Authority(isLower(host) ? host : host.toLowerCase(Locale.ROOT), port);
    }

    /** The port behind the host; -1 if there is none or it is empty, -2 if it is malformed. */
    private static int port(String text, int hostEnd) {
        if (hostEnd == text.length()) {
            return -1;
        }
        if (text.charAt(hostEnd) != ':') {
            return -2;
        }
        if (hostEnd + 1 == text.length()) {
            return -1;
        }
        long port = text.length() - hostEnd > 6 ? -1 : HttpSyntax.number(text.substring(hostEnd + 1));
        return port < 1 || port > 65_535 ? -2 : (int) port;
    }

    /** Names and IPv4 addresses: letters, digits, hyphens, and the underscores that some networks use. */
    private static boolean isName(String host) {
        boolean afterDot = true;
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c == '.' ? afterDot : !HttpSyntax.isNameChar(c)) {
                return false;
            }
            afterDot = c == '.';
        }
        return !host.isEmpty() && host.length() <= MAX_HOST;
    }

    private static boolean isIpv6(String host) {
        try {
            return host.length() <= 47 && host.indexOf('%') < 0 && new URI("ws://" + host).getHost() != null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static boolean isLower(String host) {
        for (int i = 0; i < host.length(); i++) {
            if (host.charAt(i) >= 'A' && host.charAt(i) <= 'Z') {
                return false;
            }
        }
        return true;
    }

    int portOr(int defaultPort) {
        return port < 0 ? defaultPort : port;
    }
}
