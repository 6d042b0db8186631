package dev.tenon.ws.extension;

import dev.tenon.ws.frame.HandshakeViolation;
import dev.tenon.ws.frame.Rule;

/**
 * A rule of the negotiation of extensions (RFC 6455 §9.1). A server declines an offer that it does not support; that is
 * not a violation.
 */
public enum NegotiationViolation implements HandshakeViolation {
    /** A header that breaks the grammar: 400 if it is in a request. */
    HEADER_MALFORMED(400, "RFC 6455 §9.1", "Sec-WebSocket-Extensions does not follow its grammar"),
    /** A response with an extension that the client did not offer. */
    NOT_OFFERED(0, "RFC 6455 §9.1", "the server agreed to an extension that was not offered"),
    /** A response with the same extension twice. */
    REPEATED(0, "RFC 6455 §9.1", "the server agreed to an extension twice"),
    /** A response with two extensions that use the same bit, or in an order that cannot work. */
    CONFLICT(0, "RFC 6455 §9.1", "the server agreed to extensions that cannot work together"),
    /** A response with parameters that the extension refuses. */
    PARAMETERS_REFUSED(0, "RFC 6455 §9.1", "the parameters of an extension do not fit what was offered");

    private final Rule rule;

    NegotiationViolation(int status, String section, String description) {
        rule = Rule.of("extension", this, status, section, description);
    }

    @Override
    public Rule rule() {
        return rule;
    }
}
