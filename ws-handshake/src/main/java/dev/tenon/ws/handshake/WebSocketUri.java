package dev.tenon.ws.handshake;

import java.net.URI;
import java.util.Locale;

/**
 * A {@code ws:} or {@code wss:} URI (RFC 6455 §3). Immutable and thread-safe.
 *
 * @param secure whether it is {@code wss:}, which means TLS
 * @param host the host in ASCII and lower case; an IPv6 address has no brackets and may have a zone behind a percent
 *     sign, as in {@code fe80::1%eth0}
 * @param port the port; that of the scheme (80 or 443) if the URI has none
 * @param resource path and query in ASCII, as in the request line; begins with a slash
 */
public record WebSocketUri(boolean secure, String host, int port, String resource) {
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
        String address = HostZone.without(host);
        Authority authority = Authority.parse(address.indexOf(':') < 0 ? address : "[" + address + "]");
        if (authority == null || authority.port() >= 0 || !HostZone.isValid(host)) {
            throw new IllegalArgumentException("not a host: " + HttpSyntax.quoted(host));
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("a port is 1 to 65535, not " + port);
        }
        if (!resource.startsWith("/") || !HttpSyntax.isTarget(resource)) {
            throw new IllegalArgumentException(
                    "not a path and query: " + HttpSyntax.quoted(Redaction.beforeQuery(resource)));
        }
        host = address.toLowerCase(Locale.ROOT) + host.substring(address.length());
    }

    /**
     * Reads a URI as browsers do (WHATWG URL §4.4, WebSockets §3.1). It drops spaces around the URI and tabs and line
     * ends in it, reads {@code http} and {@code https} as {@code ws} and {@code wss} and a backslash in the path as a
     * slash, and resolves dot segments. A percent sign always stays as it is.
     *
     * <p>Characters that RFC 3986 forbids are percent-encoded in UTF-8. Browsers leave some of them unencoded in a
     * query, such as {@code |} and <code>{</code>; this method encodes them, because some servers refuse them and the
     * meaning is the same. {@link #parseStrict} refuses unencoded ones.
     *
     * <p>Hosts in other scripts become their ASCII form. A host whose ASCII form differs in IDNA 2003 and IDNA 2008,
     * such as {@code faß.de}, is refused, so that no connection goes to another owner's host. A percent sign in an IPv6
     * address begins its zone, encoded or not.
     *
     * @param uri for example {@code wss://example.org/chat?symbols=A|B}
     * @return the URI
     * @throws IllegalArgumentException if it is not absolute, its scheme is another, its host or its port is malformed,
     *     or it has a fragment or user info; the message says how to correct it, without the query
     */
    public static WebSocketUri parse(String uri) {
        return WebSocketUriReader.lenient(uri);
    }

    /**
     * Reads a URI strictly by the standards (RFC 6455 §3, RFC 3986, RFC 6874).
     *
     * @param uri for example {@code wss://example.org/chat?room=1}. Hosts in other scripts become their ASCII form, other
     *     characters beyond ASCII are percent-encoded in UTF-8 (RFC 3987 §3.1)
     * @return the URI
     * @throws IllegalArgumentException if it is not an absolute {@code ws:} or {@code wss:} URI, has a fragment or user
     *     info, or has a character that must be percent-encoded
     */
    public static WebSocketUri parseStrict(String uri) {
        return WebSocketUriReader.strict(uri);
    }

    /**
     * Converts a {@link URI}.
     *
     * @param uri an absolute {@code ws:} or {@code wss:} URI
     * @return the URI
     * @throws IllegalArgumentException as {@link #parseStrict} says
     */
    public static WebSocketUri of(URI uri) {
        return parseStrict(uri.toString());
    }

    /**
     * Resolves a reference, such as a redirect's {@code Location}, against this URI (RFC 3986 §5), and reads it like
     * {@link #parse}.
     *
     * @param reference an absolute or relative reference; a fragment is dropped
     * @return the URI
     * @throws IllegalArgumentException if the result is not a WebSocket URI
     */
    public WebSocketUri resolve(String reference) {
        String trimmed = WebSocketUriReader.trimmed(reference);
        int fragment = trimmed.indexOf('#');
        return parse(UriReference.resolve(
                secure ? "wss:" : "ws:",
                "//" + authority(HostZone.bracketed(host)),
                resource,
                fragment < 0 ? trimmed : trimmed.substring(0, fragment)));
    }

    /**
     * Returns the value of {@code Host}: the host without a zone, and the port if it is not the default.
     *
     * @return for example {@code example.org} or {@code [::1]:8080}
     */
    public String hostHeader() {
        return authority(HostZone.bracketed(HostZone.without(host)));
    }

    private String authority(String bracketed) {
        return port == (secure ? 443 : 80) ? bracketed : bracketed + ":" + port;
    }

    /**
     * Returns the origin of the same host, for a client that sends {@code Origin} or compares two URIs (RFC 6454 §6.2).
     *
     * @return for example {@code https://example.org}
     */
    public String origin() {
        return (secure ? "https://" : "http://") + hostHeader();
    }

    /**
     * Returns the URI without its query, for logs and messages: queries often hold tokens.
     *
     * @return the URI with {@code ?…} in place of a query
     */
    public String redacted() {
        return Redaction.uri(toString());
    }

    /**
     * Returns the URI with an HTTP scheme, for classes that support only HTTP, such as {@link java.net.CookieHandler}
     * and {@link java.net.ProxySelector}.
     *
     * @return {@code http:} for {@code ws:} and {@code https:} for {@code wss:}, without a zone; characters that {@link
     *     URI} refuses are percent-encoded
     */
    public URI toHttpUri() {
        StringBuilder text = new StringBuilder(origin());
        for (int i = 0; i < resource.length(); i++) {
            char c = resource.charAt(i);
            boolean lone = c == '%' && !UriText.isHexPair(resource, i + 1);
            if (lone || c == '[' || c == ']' || UriText.isForbidden(c)) {
                text.append('%').append(Integer.toHexString(c).toUpperCase(Locale.ROOT));
            } else {
                text.append(c);
            }
        }
        return URI.create(text.toString());
    }

    /**
     * Returns the URI as text. Its query may hold an access token: use {@link #redacted()} for logs.
     *
     * @return the normalized URI: no default port, all ASCII
     */
    @Override
    public String toString() {
        return (secure ? "wss://" : "ws://") + authority(HostZone.bracketed(host)) + resource;
    }
}
