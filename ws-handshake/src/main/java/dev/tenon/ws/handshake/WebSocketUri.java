package dev.tenon.ws.handshake;

import java.net.IDN;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A {@code ws:} or {@code wss:} URI (RFC 6455 §3). Immutable and thread-safe.
 *
 * @param secure whether it is {@code wss:}, that is TLS
 * @param host the host in ASCII and lower case; an IPv6 address without its brackets
 * @param port the port, that of the scheme (80 or 443) if the URI names none
 * @param resource path and query in ASCII, as they stand in the request line; begins with a slash
 */
public record WebSocketUri(boolean secure, String host, int port, String resource) {
    private static final String HEX = "0123456789ABCDEF";

    /**
     * A URI of the given parts.
     *
     * @param secure whether it is {@code wss:}
     * @param host the host in ASCII; an IPv6 address without its brackets
     * @param port the port, 1 to 65535
     * @param resource path and query in ASCII
     * @throws IllegalArgumentException if a part is not of that form
     */
    public WebSocketUri {
        Authority authority = Authority.parse(host.indexOf(':') < 0 ? host : "[" + host + "]");
        if (authority == null || authority.port() >= 0) {
            throw new IllegalArgumentException("not a host: " + HttpSyntax.quoted(host));
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("a port is 1 to 65535, not " + port);
        }
        if (!resource.startsWith("/") || !HttpSyntax.isTarget(resource)) {
            throw new IllegalArgumentException("not a path and query: " + HttpSyntax.quoted(resource));
        }
        host = host.toLowerCase(Locale.ROOT);
    }

    /**
     * Reads a URI.
     *
     * @param uri for example {@code wss://example.org/chat?room=1}. Hosts in other scripts become their ASCII form
     *     (RFC 3490), other characters beyond ASCII are percent-encoded in UTF-8 (RFC 3987 §3.1)
     * @return the URI
     * @throws IllegalArgumentException if it is not an absolute {@code ws:} or {@code wss:} URI, or has a fragment or
     *     user info
     */
    public static WebSocketUri parse(String uri) {
        int colon = uri.indexOf(':');
        String scheme = colon < 0 ? "" : uri.substring(0, colon).toLowerCase(Locale.ROOT);
        if (!scheme.equals("ws") && !scheme.equals("wss")) {
            throw malformed("it must begin with ws:// or wss://", uri);
        }
        if (!uri.startsWith("//", colon + 1)) {
            throw malformed("two slashes must follow the scheme", uri);
        }
        if (uri.indexOf('#') >= 0) {
            throw malformed("it must not have a fragment; a # inside it is written %23", uri);
        }
        int start = colon + 3;
        int end = RequestRules.authorityEnd(uri, start);
        Authority authority = authority(uri.substring(start, end), uri);
        boolean secure = scheme.equals("wss");
        String host = authority.host();
        return new WebSocketUri(
                secure,
                host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
                authority.portOr(secure ? 443 : 80),
                resource(uri.substring(end), uri));
    }

    /**
     * Takes a URI over.
     *
     * @param uri an absolute {@code ws:} or {@code wss:} URI
     * @return the URI
     * @throws IllegalArgumentException as {@link #parse} says
     */
    public static WebSocketUri of(URI uri) {
        return parse(uri.toString());
    }

    private static Authority authority(String text, String uri) {
        if (text.indexOf('@') >= 0) {
            throw malformed("user info would travel in the clear; send an Authorization header instead", "");
        }
        Authority authority = Authority.parse(isAscii(text) ? text : asciiHost(text, uri));
        if (authority == null) {
            throw malformed("its host or its port is malformed", uri);
        }
        return authority;
    }

    private static String asciiHost(String text, String uri) {
        int colon = text.indexOf(':');
        String host = colon < 0 ? text : text.substring(0, colon);
        try {
            String ascii = IDN.toASCII(host);
            if (ascii.indexOf(':') >= 0) { // there are wide colons that it makes into one
                throw malformed("its host has no ASCII form", uri);
            }
            return ascii + text.substring(host.length());
        } catch (IllegalArgumentException e) {
            throw malformed("its host has no ASCII form", uri);
        }
    }

    /** RFC 6455 §3: the path, a slash if there is none, and the query. */
    private static String resource(String text, String uri) {
        StringBuilder resource = new StringBuilder(text.length() + 1);
        if (!text.startsWith("/")) {
            resource.append('/');
        }
        for (int at = 0; at < text.length(); ) {
            int c = text.codePointAt(at);
            at += Character.charCount(c);
            if (c >= 0x80) {
                percentEncode(c, uri, resource);
            } else if (c <= ' ' || c == 0x7F || "\"<>\\^`{|}".indexOf(c) >= 0) {
                throw malformed("percent-encode the character " + HttpSyntax.quoted(Character.toString(c)), uri);
            } else if (c == '%' && !(isHex(text, at) && isHex(text, at + 1))) {
                throw malformed("a % must be followed by two hexadecimal digits", uri);
            } else {
                resource.append((char) c);
            }
        }
        return resource.toString();
    }

    private static void percentEncode(int c, String uri, StringBuilder to) {
        if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
            throw malformed("it holds half a surrogate pair", uri);
        }
        for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
            to.append('%').append(HEX.charAt((b >> 4) & 0xF)).append(HEX.charAt(b & 0xF));
        }
    }

    private static boolean isHex(String text, int at) {
        return at < text.length() && text.charAt(at) < 0x80 && Character.digit(text.charAt(at), 16) >= 0;
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }

    private static IllegalArgumentException malformed(String what, String uri) {
        return new IllegalArgumentException(
                "not a WebSocket URI: " + what + (uri.isEmpty() ? "" : ": " + HttpSyntax.quoted(uri)));
    }

    /**
     * The URI that a reference means when it stands here, as in a redirect's {@code Location} (RFC 3986 §5). {@code http}
     * and {@code https} stand for {@code ws} and {@code wss}.
     *
     * @param reference an absolute or relative reference; a fragment is dropped
     * @return the URI
     * @throws IllegalArgumentException if the result is not a WebSocket URI
     */
    public WebSocketUri resolve(String reference) {
        int fragment = reference.indexOf('#');
        String absolute = UriReference.resolve(
                secure ? "wss:" : "ws:",
                "//" + hostHeader(),
                resource,
                fragment < 0 ? reference : reference.substring(0, fragment));
        return parse(absolute.regionMatches(true, 0, "http", 0, 4) ? "ws" + absolute.substring(4) : absolute);
    }

    /**
     * What stands in {@code Host}: the host, and the port where it is not the default.
     *
     * @return for example {@code example.org} or {@code [::1]:8080}
     */
    public String hostHeader() {
        String bracketed = host.indexOf(':') < 0 ? host : "[" + host + "]";
        return port == (secure ? 443 : 80) ? bracketed : bracketed + ":" + port;
    }

    /**
     * The origin of the same host, for a client that sends {@code Origin} or compares two URIs (RFC 6454 §6.2).
     *
     * @return for example {@code https://example.org}
     */
    public String origin() {
        return (secure ? "https://" : "http://") + hostHeader();
    }

    /**
     * The URI as text.
     *
     * @return the normalized URI: no default port, all ASCII
     */
    @Override
    public String toString() {
        return (secure ? "wss://" : "ws://") + hostHeader() + resource;
    }
}
