package dev.tenon.ws.handshake;

import dev.tenon.ws.frame.HandshakeViolation;
import dev.tenon.ws.frame.Rule;

/**
 * A rule for the response to an opening handshake (RFC 6455 §4.1). A client closes the connection if the server breaks
 * it.
 */
public enum ResponseViolation implements HandshakeViolation {
    /** A first line that is no status line of HTTP/1.x. */
    STATUS_LINE_MALFORMED("RFC 9112 §4", "its first line is not an HTTP/1.1 status line"),
    /** A first line that exceeds its limit. */
    STATUS_LINE_TOO_LONG("RFC 9112 §4", "its first line is too long"),
    /** 101 in HTTP/1.0. */
    UPGRADE_IN_HTTP_1_0("RFC 9110 §7.8", "it switches protocols in HTTP/1.0"),
    /** More 1xx responses than this end skips. */
    TOO_MANY_INTERIM_RESPONSES("RFC 9110 §15.2", "the server sends too many interim responses"),
    /** {@code chunked} is not the last transfer coding. */
    TRANSFER_CODING_MALFORMED(
            "RFC 9112 §6.1", "the body of the response is chunked, but the last transfer coding is another one"),
    /** {@code Upgrade} is missing or is not {@code websocket} alone. */
    UPGRADE_NOT_WEBSOCKET("RFC 6455 §4.1", "Upgrade is not websocket"),
    /** {@code Upgrade} is not in {@code Connection}. */
    UPGRADE_NOT_IN_CONNECTION("RFC 6455 §4.1", "Connection does not contain Upgrade"),
    /** No {@code Sec-WebSocket-Accept}, or several. */
    ACCEPT_NOT_ONCE("RFC 6455 §4.1", "the response must have exactly one Sec-WebSocket-Accept"),
    /** An accept value for another key. */
    ACCEPT_MISMATCH("RFC 6455 §4.1", "Sec-WebSocket-Accept does not belong to the key of this request"),
    /** A header about one connection of HTTP/1.1, in HTTP/2 or HTTP/3. */
    CONNECTION_HEADER("RFC 9113 §8.2.2", "the response has a header that HTTP/2 and HTTP/3 do not allow"),
    /** Several subprotocols. */
    SUBPROTOCOL_REPEATED("RFC 6455 §4.2.2", "the response has more than one Sec-WebSocket-Protocol"),
    /** A subprotocol that the client has not offered. */
    SUBPROTOCOL_NOT_OFFERED("RFC 6455 §4.1", "the client did not offer the subprotocol");

    private final Rule rule;

    ResponseViolation(String section, String description) {
        rule = Rule.of("response", this, 0, section, description);
    }

    @Override
    public Rule rule() {
        return rule;
    }
}
