package dev.tenon.ws.handshake;

import dev.tenon.ws.frame.HandshakeViolation;
import java.util.Locale;

/** A rule for the response to an opening handshake (RFC 6455 §4.1): a client that finds it broken ends the connection. */
public enum ResponseViolation implements HandshakeViolation {
    /** A first line that is no status line of HTTP/1.x. */
    STATUS_LINE_MALFORMED(0, "RFC 9112 §4", "its first line is not an HTTP/1.1 status line"),
    /** A first line that passes its limit. */
    STATUS_LINE_TOO_LONG(0, "RFC 9112 §4", "its first line is too long"),
    /** 101 in HTTP/1.0. */
    UPGRADE_IN_HTTP_1_0(0, "RFC 9110 §7.8", "it switches protocols in HTTP/1.0"),
    /** More responses with 1xx than this end skips. */
    TOO_MANY_INTERIM_RESPONSES(0, "RFC 9110 §15.2", "the server sends too many interim responses"),
    /** A {@code chunked} that is not the last transfer coding. */
    TRANSFER_CODING_MALFORMED(
            0, "RFC 9112 §6.1", "the body of the response is chunked, but the last transfer coding is another one"),
    /** {@code Upgrade} is missing or is not {@code websocket} alone. */
    UPGRADE_NOT_WEBSOCKET(0, "RFC 6455 §4.1", "Upgrade is not websocket"),
    /** {@code Upgrade} is not in {@code Connection}. */
    UPGRADE_NOT_IN_CONNECTION(0, "RFC 6455 §4.1", "Connection does not contain Upgrade"),
    /** No {@code Sec-WebSocket-Accept}, or several. */
    ACCEPT_NOT_ONCE(0, "RFC 6455 §4.1", "the response must have exactly one Sec-WebSocket-Accept"),
    /** An accept value for another key. */
    ACCEPT_MISMATCH(0, "RFC 6455 §4.1", "Sec-WebSocket-Accept does not belong to the key of this request"),
    /** Several subprotocols. */
    SUBPROTOCOL_REPEATED(0, "RFC 6455 §4.2.2", "the response has more than one Sec-WebSocket-Protocol"),
    /** A subprotocol that is none of those that were offered. */
    SUBPROTOCOL_NOT_OFFERED(0, "RFC 6455 §4.1", "the client did not offer the subprotocol");

    private final int status;
    private final String section;
    private final String rule;

    ResponseViolation(int status, String section, String rule) {
        this.status = status;
        this.section = section;
        this.rule = rule;
    }

    @Override
    public String id() {
        return "response." + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public String rule() {
        return rule;
    }

    @Override
    public String section() {
        return section;
    }

    @Override
    public int status() {
        return status;
    }
}
