package dev.tenon.ws.handshake;

import dev.tenon.ws.frame.HandshakeViolation;
import dev.tenon.ws.frame.Rule;

/** A rule for requests: of HTTP for every request, or of the opening handshake (RFC 6455 §4.2.1). */
public enum RequestViolation implements HandshakeViolation {
    /** More empty lines before a request than this end skips: 400. */
    EMPTY_LINES(400, "RFC 9112 §2.2", "there are only empty lines where a request should be"),
    /** A first line that is not three words with one space between them: 400. */
    REQUEST_LINE_MALFORMED(400, "RFC 9112 §3", "the request line is not a method, a target and a version"),
    /** A method that is not a token: 400. */
    METHOD_MALFORMED(400, "RFC 9112 §3.1", "the method is not a token"),
    /** A method so long that the request line exceeds its limit: 501. */
    METHOD_TOO_LONG(501, "RFC 9112 §3", "the method is too long"),
    /** A target with a fragment or with another forbidden character: 400. */
    TARGET_MALFORMED(400, "RFC 9112 §3.2", "the request target has a character that it must not have"),
    /** A target in a form that the method does not allow: 400. */
    TARGET_FORM(400, "RFC 9112 §3.2", "the request target does not go with the method"),
    /** A target so long that the request line exceeds its limit: 414. */
    TARGET_TOO_LONG(414, "RFC 9110 §15.5.15", "the request target is too long"),
    /** A path that is not UTF-8, or that two readers could understand differently: 400. */
    PATH_MALFORMED(400, "RFC 3986 §3.3", "the path is malformed"),
    /** A version that is not {@code HTTP/} and two digits: 400. */
    HTTP_VERSION_MALFORMED(400, "RFC 9112 §2.3", "the request line has no HTTP version"),
    /** Another major version than 1: 505. */
    HTTP_VERSION_UNSUPPORTED(505, "RFC 9110 §15.6.6", "the server speaks only HTTP/1.1 and HTTP/1.0 in text"),
    /** No {@code Host}: 400. */
    HOST_MISSING(400, "RFC 9112 §3.2", "the request has no Host"),
    /** Several {@code Host} headers: 400. */
    HOST_REPEATED(400, "RFC 9112 §3.2", "the request has more than one Host"),
    /** A {@code Host} that is not a host and a port: 400. */
    HOST_MALFORMED(400, "RFC 9112 §3.2", "the Host is not a host and a port"),
    /** A host that this server does not serve, or not on this connection: 421. */
    HOST_NOT_SERVED(421, "RFC 9110 §15.5.20", "the server does not answer for the host of the request"),
    /** Two declarations of the body's length: 400. */
    BODY_LENGTH_AMBIGUOUS(400, "RFC 9112 §6.1", "Transfer-Encoding stands beside Content-Length, or in HTTP/1.0"),
    /** A transfer coding that this end does not decode: 501. */
    TRANSFER_CODING_UNSUPPORTED(501, "RFC 9112 §6.1", "the Transfer-Encoding is not chunked"),
    /** A body longer than this end accepts: 413. */
    BODY_TOO_LONG(413, "RFC 9110 §15.5.14", "the body is too long"),
    /** A request that has begun but is not complete in time: 408. */
    TOO_SLOW(408, "RFC 9110 §15.5.9", "the request took too long"),
    /** CONNECT in HTTP/1.1: 501. */
    TUNNEL_REQUESTED(501, "RFC 9110 §9.3.6", "the server is not a proxy"),
    /** No {@code Upgrade: websocket} where only WebSockets are accepted: 426. */
    UPGRADE_MISSING(426, "RFC 6455 §4.2.1", "the server accepts only WebSocket connections here"),
    /** Another method than GET: 405. */
    METHOD_NOT_GET(405, "RFC 6455 §4.1", "the method of an opening handshake must be GET"),
    /** {@code Upgrade} is not in {@code Connection}: 400. */
    UPGRADE_NOT_IN_CONNECTION(
            400,
            "RFC 6455 §4.2.1",
            "Connection does not contain Upgrade; a proxy in between may have to be told to pass it on"),
    /** An opening handshake with a body: 400. */
    BODY_IN_HANDSHAKE(400, "RFC 6455 §4.1", "an opening handshake must not have a body"),
    /** No {@code Sec-WebSocket-Version}, or several: 400. */
    VERSION_NOT_ONCE(400, "RFC 6455 §4.2.1", "the request must have exactly one Sec-WebSocket-Version"),
    /** Another version than 13: 426, with the supported version. */
    VERSION_UNSUPPORTED(426, "RFC 6455 §4.4", "the server supports only version 13 of the WebSocket protocol"),
    /** No {@code Sec-WebSocket-Key}, or several: 400. */
    KEY_NOT_ONCE(400, "RFC 6455 §4.2.1", "the request must have exactly one Sec-WebSocket-Key"),
    /** A key of another length, or not in base64: 400. */
    KEY_MALFORMED(400, "RFC 6455 §4.2.1", "Sec-WebSocket-Key is not 16 bytes in base64"),
    /** Subprotocols that are not tokens, or that are repeated: 400. */
    SUBPROTOCOLS_MALFORMED(400, "RFC 6455 §4.1", "Sec-WebSocket-Protocol is not a list of different tokens"),
    /** Several {@code Origin} headers: 400. */
    ORIGIN_REPEATED(400, "RFC 6454 §7.3", "the request has more than one Origin"),
    /** An origin that the policy of this server does not allow: 403. */
    ORIGIN_NOT_ALLOWED(403, "RFC 6455 §4.2.2", "the server does not accept connections from this origin"),
    /** An extended CONNECT without one of its pseudo-headers: 400. */
    CONNECT_MALFORMED(400, "RFC 8441 §4", "a WebSocket needs CONNECT with one :protocol, with :scheme and with :path"),
    /** Another {@code :protocol}: 501. */
    PROTOCOL_NOT_WEBSOCKET(501, "RFC 9220 §3", "the only :protocol that the server supports is websocket"),
    /** A repeated pseudo-header: 400. */
    PSEUDO_HEADER_REPEATED(400, "RFC 9113 §8.3", "a pseudo-header is repeated"),
    /** A header of HTTP/1.1 connections in HTTP/2 or HTTP/3: 400. */
    CONNECTION_HEADER(400, "RFC 9113 §8.2.2", "HTTP/2 and HTTP/3 do not allow this header"),
    /** A {@code Host} that names another host than {@code :authority}: 400. */
    AUTHORITY_MISMATCH(400, "RFC 9113 §8.3.1", "the Host is not the :authority");

    private final Rule rule;

    RequestViolation(int status, String section, String description) {
        rule = Rule.of("request", this, status, section, description);
    }

    @Override
    public Rule rule() {
        return rule;
    }
}
