package dev.tenon.ws.handshake;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An origin of scheme, host and port (RFC 6454 §4).
 *
 * @param scheme in lower case
 * @param host in lower case; an IPv6 address in its brackets
 * @param port the port, that of the scheme if the text has none; -1 if the scheme has none either
 */
record Origin(String scheme, String host, int port) {
    /** Reads an origin. Returns null for other texts, such as {@code null}, {@code file://} and URLs with a path. */
    static @Nullable Origin parse(String text) {
        int colon = text.indexOf("://");
        if (colon < 1) {
            return null;
        }
        String scheme = text.substring(0, colon).toLowerCase(Locale.ROOT);
        Authority authority = Authority.parse(text.substring(colon + 3));
        if (authority == null || !isScheme(scheme)) {
            return null;
        }
        return new Origin(scheme, authority.host(), authority.portOr(defaultPort(scheme)));
    }

    static boolean isScheme(String text) { // RFC 3986 §3.1
        boolean ok = !text.isEmpty() && text.charAt(0) >= 'a' && text.charAt(0) <= 'z';
        return ok
                && text.chars().allMatch(c -> (c >= 'a' && c <= 'z') || HttpSyntax.isDigit(c) || "+-.".indexOf(c) >= 0);
    }

    static int defaultPort(String scheme) {
        return switch (scheme) {
            case "http" -> 80;
            case "https" -> 443;
            default -> -1;
        };
    }

    /** Returns the origin as browsers write it, without a default port. */
    @Override
    public String toString() {
        return scheme + "://" + host + (port == defaultPort(scheme) ? "" : ":" + port);
    }
}
