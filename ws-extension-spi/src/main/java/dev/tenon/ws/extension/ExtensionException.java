package dev.tenon.ws.extension;

import dev.tenon.ws.frame.HandshakeViolation;

/**
 * The negotiation of an extension failed. If a header breaks its grammar, a server responds with 400, and a client
 * fails the connection (RFC 6455 §4.1, §9.1). If a provider refuses an element, a server declines that offer and goes
 * on without the extension, and a client fails the connection. It has no stack trace: what matters is what the peer
 * sent.
 */
public final class ExtensionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The rule that was broken. */
    private final HandshakeViolation violation;

    /**
     * Parameters that a provider refuses.
     *
     * @param message why, fit for the peer's eyes
     */
    public ExtensionException(String message) {
        super(message, null, false, false);
        violation = NegotiationViolation.PARAMETERS_REFUSED;
    }

    /**
     * A failed negotiation.
     *
     * @param violation the rule that was broken
     * @param detail what broke it, fit for the peer's eyes; the message is the rule, a colon and this
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
