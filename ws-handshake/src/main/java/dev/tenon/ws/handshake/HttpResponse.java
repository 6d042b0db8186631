package dev.tenon.ws.handshake;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * An HTTP response. Immutable and thread-safe.
 *
 * @param status the status code, 100 to 999
 * @param reason the reason phrase, may be empty
 * @param headers the header lines
 * @param body the body, from position to limit
 */
public record HttpResponse(int status, String reason, Headers headers, ByteBuffer body) {
    private static final ByteBuffer NO_BODY = ByteBuffer.allocate(0).asReadOnlyBuffer();

    /**
     * A response.
     *
     * @param status the status code, 100 to 999
     * @param reason the reason phrase, may be empty
     * @param headers the header lines
     * @param body the body, from position to limit; copied
     * @throws IllegalArgumentException if the status is out of range, or the reason has a character that a status line
     *     must not have
     */
    public HttpResponse {
        if (status < 100 || status > 999) {
            throw new IllegalArgumentException("a status has three digits: " + status);
        }
        if (!HttpSyntax.isFieldText(reason)) {
            throw new IllegalArgumentException(
                    "a reason phrase holds no control character: " + HttpSyntax.quoted(reason));
        }
        body = body.hasRemaining() ? copyOf(body) : NO_BODY;
    }

    private static ByteBuffer copyOf(ByteBuffer body) {
        return ByteBuffer.allocate(body.remaining())
                .put(body.duplicate())
                .flip()
                .asReadOnlyBuffer();
    }

    /**
     * Returns a response without a body, with the usual reason phrase.
     *
     * @param status the status code
     * @param headers the header lines
     * @return the response
     * @throws IllegalArgumentException if the status is out of range
     */
    public static HttpResponse of(int status, Headers headers) {
        return new HttpResponse(status, reasonOf(status), headers, NO_BODY);
    }

    /**
     * Returns a response of plain text, with the usual reason phrase.
     *
     * @param status the status code
     * @param text the body, sent in UTF-8
     * @return the response
     * @throws IllegalArgumentException if the status is out of range
     */
    public static HttpResponse text(int status, String text) {
        return ofContent(status, "text/plain", text);
    }

    /**
     * Returns an HTML page, with the usual reason phrase.
     *
     * @param status the status code
     * @param html the body, sent in UTF-8; escape text that comes from users
     * @return the response
     * @throws IllegalArgumentException if the status is out of range
     */
    public static HttpResponse html(int status, String html) {
        return ofContent(status, "text/html", html);
    }

    /**
     * Returns a JSON document, with the usual reason phrase.
     *
     * @param status the status code
     * @param json the body, sent in UTF-8 (RFC 8259 §8.1)
     * @return the response
     * @throws IllegalArgumentException if the status is out of range
     */
    public static HttpResponse json(int status, String json) {
        return ofContent(status, "application/json", json);
    }

    private static HttpResponse ofContent(int status, String type, String content) {
        return new HttpResponse(
                status,
                reasonOf(status),
                Headers.of("Content-Type", type + "; charset=utf-8"),
                StandardCharsets.UTF_8.encode(content));
    }

    /**
     * Returns this response with other headers.
     *
     * @param headers the header lines
     * @return a response
     */
    public HttpResponse withHeaders(Headers headers) {
        return new HttpResponse(status, reason, headers, body);
    }

    /**
     * Returns this response with one more header line, for example {@code Set-Cookie}, which may be present several
     * times.
     *
     * @param name the header's name
     * @param value its value
     * @return a response
     * @throws IllegalArgumentException if the name is not a token, or the value has a line break or a control character
     */
    public HttpResponse withHeader(String name, String value) {
        return withHeaders(headers.toBuilder().add(name, value).build());
    }

    /**
     * Returns this response with another body.
     *
     * @param body the body, from position to limit; copied
     * @return a response
     */
    public HttpResponse withBody(ByteBuffer body) {
        return new HttpResponse(status, reason, headers, body);
    }

    /**
     * Returns this response as the last one of its connection.
     *
     * @return a response with {@code close} in {@code Connection}
     */
    public HttpResponse withConnectionClose() {
        if (headers.hasToken("Connection", "close")) {
            return this;
        }
        String connection = String.join(", ", headers.all("Connection"));
        return withHeaders(headers.toBuilder()
                .remove("Connection")
                .add("Connection", connection.isEmpty() ? "close" : connection + ", close")
                .build());
    }

    /**
     * Returns this response in the form that a version of HTTP allows. HTTP/2 and HTTP/3 have no headers such as
     * {@code Connection} (RFC 9113 §8.2.2), so those are removed. A server of these versions converts refusals and the
     * responses of endpoints with this method.
     *
     * @param version the version of the request
     * @return a response without such headers, or this one in HTTP/1.x
     */
    public HttpResponse forVersion(HttpVersion version) {
        if (version.isHttp1()) {
            return this;
        }
        Headers.Builder left = headers.toBuilder();
        UpgradeHeaders.OF_ONE_CONNECTION.forEach(left::remove);
        return withHeaders(left.build());
    }

    /**
     * Returns the body.
     *
     * @return a new read-only view; a received body may be truncated at the reader's limit
     */
    @Override
    public ByteBuffer body() {
        return body.duplicate();
    }

    /**
     * Returns the body as text.
     *
     * @return a copy of the body, decoded as UTF-8, with replacement characters for invalid bytes
     */
    public String bodyText() {
        return StandardCharsets.UTF_8.decode(body.duplicate()).toString();
    }

    /**
     * Encodes the response for HTTP/1.1. Adds {@code Content-Length} if the status allows a body and the headers have
     * neither it nor {@code Transfer-Encoding}. To respond to HEAD, set {@code Content-Length} and no body.
     *
     * @return a new heap buffer with head and body
     * @throws IllegalStateException if the status allows no body but there is one, or if its length is not the given
     *     {@code Content-Length}: the peer would read the rest as another response
     */
    public ByteBuffer encode() {
        boolean mayHaveBody = status >= 200 && status != 204 && status != 304;
        int length = body.remaining();
        String declared = headers.first("Content-Length");
        if (length > 0 && (!mayHaveBody || (declared != null && HttpSyntax.number(declared) != length))) {
            throw new IllegalStateException("a body of " + length + " bytes cannot be sent with status " + status
                    + " and Content-Length " + declared);
        }
        StringBuilder head = new StringBuilder(256);
        head.append("HTTP/1.1 ").append(status).append(' ').append(reason).append("\r\n");
        HeaderLines.write(headers, head);
        if (mayHaveBody && declared == null && headers.count("Transfer-Encoding") == 0) {
            head.append("Content-Length: ").append(length).append("\r\n");
        }
        head.append("\r\n");
        byte[] bytes = head.toString().getBytes(StandardCharsets.ISO_8859_1);
        if (length == 0) {
            return ByteBuffer.wrap(bytes);
        }
        return ByteBuffer.allocate(bytes.length + length)
                .put(bytes)
                .put(body.duplicate())
                .flip();
    }

    /**
     * Returns the response for logs, without its body and without credentials: see {@link Headers#toString}.
     *
     * @return status, reason and header lines, and the length of the body
     */
    @Override
    public String toString() {
        return status + " " + Redaction.printable(reason) + "\n" + headers + "(" + body.remaining() + " bytes of body)";
    }

    private static String reasonOf(int status) {
        return switch (status) {
            case 101 -> "Switching Protocols";
            case 200 -> "OK";
            case 204 -> "No Content";
            case 301 -> "Moved Permanently";
            case 302 -> "Found";
            case 303 -> "See Other";
            case 304 -> "Not Modified";
            case 307 -> "Temporary Redirect";
            case 308 -> "Permanent Redirect";
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 407 -> "Proxy Authentication Required";
            case 408 -> "Request Timeout";
            case 409 -> "Conflict";
            case 411 -> "Length Required";
            case 413 -> "Content Too Large";
            case 414 -> "URI Too Long";
            case 415 -> "Unsupported Media Type";
            case 417 -> "Expectation Failed";
            case 421 -> "Misdirected Request";
            case 426 -> "Upgrade Required";
            case 429 -> "Too Many Requests";
            case 431 -> "Request Header Fields Too Large";
            case 500 -> "Internal Server Error";
            case 501 -> "Not Implemented";
            case 502 -> "Bad Gateway";
            case 503 -> "Service Unavailable";
            case 504 -> "Gateway Timeout";
            case 505 -> "HTTP Version Not Supported";
            default -> "";
        };
    }
}
