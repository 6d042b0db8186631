package dev.tenon.ws.handshake;

import dev.tenon.ws.extension.ExtensionException;
import dev.tenon.ws.frame.HandshakeViolation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The handshake failed. On a server the exception has the response to send, ready to {@linkplain HttpResponse#encode()
 * encode}; on a client it has the received response, as far as it was read, with a body of limited length.
 *
 * <p>On a server the message describes the broken rule and is the body of the response, so it never holds internal
 * details.
 */
public final class HandshakeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient @Nullable HttpResponse response;
    /** The rule that was broken. */
    private final @Nullable HandshakeViolation violation;
    /** Details for the log of this end only; null if there are none. */
    private final @Nullable String detail;

    /**
     * A failure although no rule was broken: the server refused, or the connection ended.
     *
     * @param message the reason
     * @param response the response to send, or the received one; null if nothing could be read
     */
    public HandshakeException(String message, @Nullable HttpResponse response) {
        this(message, response, null);
    }

    /** A response that breaks a rule, with as much of it as was read. */
    HandshakeException(String message, @Nullable HttpResponse response, @Nullable HandshakeViolation violation) {
        super(message);
        this.response = response;
        this.violation = violation;
        this.detail = null;
    }

    private HandshakeException(
            String message, HttpResponse response, @Nullable HandshakeViolation violation, @Nullable String detail) {
        super(message, null, false, false);
        this.response = response;
        this.violation = violation;
        this.detail = detail;
    }

    /**
     * Returns a server's refusal of a request that breaks a rule: a plain text response with the reason, and the end of
     * the connection. It has no stack trace, because any client can cause it.
     *
     * @param violation the rule, which gives the status and the message
     * @return an exception to throw
     * @throws IllegalArgumentException if only a response can break the rule
     */
    public static HandshakeException refuse(HandshakeViolation violation) {
        return refuse(violation, Headers.empty());
    }

    /**
     * Returns a refusal by a server of a request that breaks a rule, with what broke it.
     *
     * @param violation the rule, which gives the status
     * @param detail what broke it, which the peer may read; the message is the rule's description, a colon and this
     * @return an exception to throw
     * @throws IllegalArgumentException if only a response can break the rule
     */
    public static HandshakeException refuse(HandshakeViolation violation, String detail) {
        return refuse(violation, detail, Headers.empty());
    }

    static HandshakeException refuse(HandshakeViolation violation, Headers headers) {
        return refuse(violation.status(), violation.description(), violation, headers);
    }

    static HandshakeException refuse(HandshakeViolation violation, String detail, Headers headers) {
        return refuse(violation.status(), violation.description() + ": " + detail, violation, headers);
    }

    /**
     * Returns a refusal by a server for a reason of its own: plain text that says why, and the end of the connection.
     * Has no stack trace, because any client can cause it.
     *
     * @param status the status code
     * @param message the reason. The peer reads the message
     * @return an exception to throw
     * @throws IllegalArgumentException if the status is out of range
     */
    public static HandshakeException refuse(int status, String message) {
        return refuse(status, message, null, Headers.empty());
    }

    /** A refusal of a request whose extensions cannot be read. */
    static HandshakeException refuse(ExtensionException malformed) {
        HandshakeViolation violation = malformed.violation();
        return refuse(violation.status(), String.valueOf(malformed.getMessage()), violation, Headers.empty());
    }

    private static HandshakeException refuse(
            int status, String message, @Nullable HandshakeViolation violation, Headers headers) {
        HttpResponse plain = HttpResponse.text(status, message + "\n");
        Headers all = plain.headers().toBuilder().addAll(headers).build();
        return new HandshakeException(message, plain.withHeaders(all).withConnectionClose(), violation, null);
    }

    /** The same refusal with a response that may travel in the version. */
    HandshakeException forVersion(HttpVersion version) {
        HttpResponse refusal = response;
        return version.isHttp1() || refusal == null
                ? this
                : new HandshakeException(String.valueOf(getMessage()), refusal.forVersion(version), violation, detail);
    }

    /** The same refusal with something for the log of this end. */
    HandshakeException withDetail(String text) {
        return new HandshakeException(String.valueOf(getMessage()), toResponse(), violation, text);
    }

    /** The same failure with what was read of the response. */
    HandshakeException withResponse(HttpResponse read) {
        return new HandshakeException(String.valueOf(getMessage()), read, violation);
    }

    /**
     * Returns the rule that the peer broke.
     *
     * @return the rule; null if it broke none: a server refused for a reason of its own, or the connection ended
     */
    public @Nullable HandshakeViolation violation() {
        return violation;
    }

    /** As every exception, with the violation's id at the end. */
    @Override
    @SuppressWarnings("OverrideThrowableToString") // the message is sent to the peer, which has no use for the id
    public String toString() {
        return violation == null ? super.toString() : super.toString() + " [" + violation.id() + "]";
    }

    /**
     * Returns a detail for the log of this end, which is not sent to the peer: for a refused origin, the origins that
     * it was compared with.
     *
     * @return a sentence without an end mark, in printable characters; null if there is nothing more to say
     */
    public @Nullable String detail() {
        return detail;
    }

    /**
     * Returns the response to send, or the received one.
     *
     * @return the response; null on a client that could not read one, and after serialization
     */
    public @Nullable HttpResponse response() {
        return response;
    }

    /**
     * Returns the response that a server sends.
     *
     * @return the response, or a plain 500 if there is none, so that every request gets a response
     */
    public HttpResponse toResponse() {
        return response != null
                ? response
                : HttpResponse.of(500, Headers.empty()).withConnectionClose();
    }

    /**
     * Returns the status of the {@link #response()}.
     *
     * @return a status code, or 0 if there is no response
     */
    public int status() {
        return response == null ? 0 : response.status();
    }

    /**
     * Returns the target of a redirect.
     *
     * @return the {@code Location} of a 301, 302, 303, 307 or 308, with its octets beyond ASCII percent-encoded, for
     *     {@link WebSocketUri#resolve}; null for any other response
     */
    public @Nullable String location() {
        String location = switch (status()) {
            case 301, 302, 303, 307, 308 ->
                response == null ? null : response.headers().first("Location");
            default -> null;
        };
        return location == null ? null : UriText.encodeOctets(location);
    }

    /**
     * Returns the challenges by which the server or the proxy asks the client to authenticate (RFC 9110 §11.6.1,
     * §11.7.1).
     *
     * @return the values of {@code WWW-Authenticate} for 401 or of {@code Proxy-Authenticate} for 407, in order; empty
     *     for any other response
     */
    public List<String> challenges() {
        HttpResponse received = response;
        if (received == null) {
            return List.of();
        }
        return switch (received.status()) {
            case 401 -> received.headers().all("WWW-Authenticate");
            case 407 -> received.headers().all("Proxy-Authenticate");
            default -> List.of();
        };
    }
}
