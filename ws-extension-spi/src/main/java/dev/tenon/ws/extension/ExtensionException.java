package dev.tenon.ws.extension;

import dev.tenon.ws.frame.HandshakeViolation;

/**
 * The negotiation of an extension failed. If a header breaks its grammar, a server responds with 400, and a client
 * fails the connection (RFC 6455 §4.1, §9.1). If a provider refuses an element, a server declines that offer and goes
 * on without the extension, and a client fails the connection. It has no stack trace, because its cause is in the
 * peer's header, not in this program.
 */
public final class ExtensionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The rule that was broken. */
    private final HandshakeViolation violation;

    /**
     * A provider refuses the parameters.
     *
     * @param message the reason, which the peer may read
     */
    public ExtensionException(String message) {
        super(message, null, false, false);
        violation = NegotiationViolation.PARAMETERS_REFUSED;
    }

    /**
     * A failed negotiation.
     *
     * @param violation the rule that was broken
     * @param detail what broke it, which the peer may read; the message is the rule's description, a colon and this
     */
    public ExtensionException(HandshakeViolation violation, String detail) {
        super(violation.description() + ": " + detail, null, false, false);
        this.violation = violation;
    }

    /**
     * The rule that was broken.
     *
     * @return the violation
     */
    public HandshakeViolation violation() {
        return violation;
    }
}
