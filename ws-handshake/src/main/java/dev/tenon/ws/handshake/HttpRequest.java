package dev.tenon.ws.handshake;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The head of an HTTP request. Immutable and thread-safe.
 *
 * @param method the method's token, such as {@code GET}; case matters
 * @param target the request target as it was sent (RFC 9112 §3.2); for HTTP/2 and HTTP/3, {@code :path}
 * @param version the version of HTTP
 * @param headers the header lines
 */
public record HttpRequest(String method, String target, HttpVersion version, Headers headers) {
    /**
     * A request.
     *
     * @param method the method's token
     * @param target the request target: visible ASCII, no fragment
     * @param version the version of HTTP
     * @param headers the header lines
     * @throws IllegalArgumentException if the method is not a token, or the target has a character that a request line
     *     must not have
     */
    public HttpRequest {
        HttpSyntax.requireToken("a method", method);
        if (!HttpSyntax.isTarget(target)) {
            throw new IllegalArgumentException("a request target is visible ASCII without a fragment, percent-encoded"
                    + " where necessary, not " + HttpSyntax.quoted(Redaction.beforeQuery(target)));
        }
    }

    /**
     * Returns a request of HTTP/2 or HTTP/3, which has pseudo-headers instead of a start line.
     *
     * @param version the version of HTTP
     * @param headers the headers with {@code :method}, {@code :path}, {@code :scheme}, {@code :authority} and, for an
     *     upgrade, {@code :protocol}
     * @return the request
     * @throws IllegalArgumentException if {@code :method} or {@code :path} is missing or malformed
     */
    public static HttpRequest ofPseudoHeaders(HttpVersion version, Headers headers) {
        String method = headers.first(":method");
        String path = headers.first(":path");
        if (method == null || path == null) {
            throw new IllegalArgumentException("a request needs :method and :path");
        }
        return new HttpRequest(method, path, version, headers);
    }

    /**
     * Returns the path of the target as it was sent, with percent-encoding and dot segments.
     *
     * @return a path that begins with a slash; the target itself if it has no path
     */
    public String path() {
        int start = pathStart();
        if (start < 0) {
            return target;
        }
        int mark = target.indexOf('?', start);
        String path = target.substring(start, mark < 0 ? target.length() : mark);
        return path.isEmpty() ? "/" : path;
    }

    /**
     * Returns the query of the target, as it was sent.
     *
     * @return what follows the first question mark, or null if there is none
     */
    public @Nullable String query() {
        int mark = target.indexOf('?');
        return mark < 0 ? null : target.substring(mark + 1);
    }

    /** Path and query of an origin-form or absolute-form target. */
    String resource() {
        int start = pathStart();
        if (start == 0) {
            return target;
        }
        String resource = target.substring(Math.max(start, 0));
        return resource.startsWith("/") ? resource : "/" + resource;
    }

    /**
     * The index at which the path of the target begins: 0 in origin-form, behind the authority in absolute-form,
     * otherwise -1.
     */
    private int pathStart() {
        if (target.charAt(0) == '/') {
            return 0;
        }
        int authority = RequestRules.authorityStart(target);
        return authority < 0 ? -1 : RequestRules.authorityEnd(target, authority);
    }

    /**
     * Returns the host of the request, with its port if that is not the default: from an absolute-form target, which
     * overrides {@code Host} (RFC 9112 §3.2.2), from {@code Host} or from {@code :authority}.
     *
     * @return host and port as they were sent, or null if the request has none
     */
    public @Nullable String authority() {
        int start = RequestRules.authorityStart(target);
        if (start >= 0) {
            return target.substring(start, RequestRules.authorityEnd(target, start));
        }
        String authority = version.isHttp1() ? null : headers.first(":authority");
        return authority != null ? authority : headers.first("Host");
    }

    /**
     * Encodes the request for HTTP/1.1, without a body.
     *
     * @return a new heap buffer
     * @throws IllegalStateException if the version is not HTTP/1.x
     */
    public ByteBuffer encode() {
        if (!version.isHttp1()) {
            throw new IllegalStateException(version + " has no text form: hand the headers to its own encoder");
        }
        StringBuilder head = new StringBuilder(512);
        head.append(method).append(' ').append(target).append(' ').append(version);
        head.append("\r\n");
        HeaderLines.write(headers, head);
        head.append("\r\n");
        return ByteBuffer.wrap(head.toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    /**
     * Returns the request for logs, without its query and without credentials: see {@link Headers#toString}.
     *
     * @return a start line and the header lines
     */
    @Override
    public String toString() {
        return method + " " + Redaction.uri(target) + " " + version + "\n" + headers;
    }
}
