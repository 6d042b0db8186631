package dev.tenon.ws.handshake;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a list of allowed origins. It is either a literal that an origin must equal, or scheme, host and port;
 * the host may stand for all its subdomains, and the port for any port.
 *
 * @param literal the text that the origin must equal, or null
 * @param origin the allowed origin, or null
 * @param subdomains whether the subdomains of {@code origin} are allowed instead of its host
 * @param anyPort whether any port is allowed
 */
record OriginPattern(@Nullable String literal, @Nullable Origin origin, boolean subdomains, boolean anyPort) {
    private static final String NULL = "null";

    /**
     * Reads an entry.
     *
     * @throws IllegalArgumentException if it could never match an origin, or is probably a mistake
     */
    static OriginPattern parse(String entry) {
        if (entry.equals(NULL)) {
            return literal(entry);
        }
        if (entry.equals("*")) {
            throw invalid(entry, "OriginPolicy.any() allows all origins");
        }
        int colon = entry.indexOf("://");
        String scheme = colon < 1 ? "" : entry.substring(0, colon).toLowerCase(Locale.ROOT);
        if (!Origin.isScheme(scheme)) {
            throw invalid(entry, "it begins with a scheme, as in https://example.org");
        }
        if (scheme.equals("ws") || scheme.equals("wss")) {
            throw invalid(entry, "the scheme of the page is http or https");
        }
        return of(entry, scheme, asciiHost(entry, entry.substring(colon + 3)));
    }

    private static String asciiHost(String entry, String rest) {
        int start = rest.startsWith("*.") ? 2 : 0;
        int end = hostEnd(rest);
        try {
            return start >= end
                    ? rest
                    : rest.substring(0, start) + DomainName.toAscii(rest.substring(start, end)) + rest.substring(end);
        } catch (IllegalArgumentException e) {
            throw invalid(entry, String.valueOf(e.getMessage()));
        }
    }

    private static int hostEnd(String rest) {
        int end = 0;
        while (end < rest.length() && ":/?#".indexOf(rest.charAt(end)) < 0) {
            end++;
        }
        return end;
    }

    private static OriginPattern of(String entry, String scheme, String rest) {
        boolean subdomains = rest.startsWith("*.");
        boolean anyPort = rest.endsWith(":*");
        String plain = rest.substring(subdomains ? 2 : 0, rest.length() - (anyPort ? 2 : 0));
        if (plain.indexOf('*') >= 0) {
            throw invalid(
                    entry, "a * stands for the first labels of a host, as in https://*.example.org, or for a port");
        }
        Origin origin = Origin.parse(scheme + "://" + plain);
        if (origin != null) {
            return new OriginPattern(null, origin, subdomains, anyPort);
        }
        if (subdomains || anyPort || !HttpSyntax.isTarget(entry)) {
            throw invalid(entry, "its host or its port is malformed");
        }
        if (Origin.defaultPort(scheme) > 0) {
            requireHost(entry, scheme, rest);
            // The user has probably copied it from an address bar and means the origin.
            if (rest.indexOf('/') == rest.length() - 1) {
                return new OriginPattern(
                        entry, Origin.parse(scheme + "://" + rest.substring(0, rest.length() - 1)), false, false);
            }
        }
        return literal(entry);
    }

    /** Refuses a literal of http or https without a valid host before its path, because it is a mistake. */
    private static void requireHost(String entry, String scheme, String rest) {
        int end = RequestRules.authorityEnd(rest, 0);
        if (rest.indexOf('@') >= 0 || Origin.parse(scheme + "://" + rest.substring(0, end)) == null) {
            throw invalid(entry, "its host or its port is malformed");
        }
    }

    private static OriginPattern literal(String entry) {
        return new OriginPattern(entry, null, false, false);
    }

    private static IllegalArgumentException invalid(String entry, String reason) {
        return new IllegalArgumentException("not an origin: " + HttpSyntax.quoted(entry) + "; " + reason);
    }

    boolean matches(String text, @Nullable Origin other) {
        return text.equals(literal) || (other != null && matches(other));
    }

    private boolean matches(Origin other) {
        Origin own = origin;
        return own != null
                && own.scheme().equals(other.scheme())
                && (anyPort || own.port() == other.port())
                && (subdomains
                        ? other.host().endsWith("." + own.host())
                        : own.host().equals(other.host()));
    }

    /** Returns the entry in its normal form. */
    @Override
    public String toString() {
        Origin own = origin;
        if (own == null) {
            return String.valueOf(literal);
        }
        String text = subdomains ? own.toString().replaceFirst("://", "://*.") : own.toString();
        return anyPort ? text.replaceFirst(":[0-9]+$", "") + ":*" : text;
    }
}
