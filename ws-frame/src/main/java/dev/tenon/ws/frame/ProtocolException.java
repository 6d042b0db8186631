package dev.tenon.ws.frame;

/**
 * The peer broke a rule of the open connection. The owner of the connection fails it with {@link #closeCode()} (RFC
 * 6455 §7.1.7). The message may be sent to the peer, so it never holds internal details.
 */
public final class ProtocolException extends RuntimeException {
    private static final long serialVersionUID = 2L;

    /** The rule that was broken. */
    private final ConnectionViolation violation;

    /**
     * A violation.
     *
     * @param violation the rule that was broken
     * @throws IllegalArgumentException if its code must not be sent in a Close frame
     */
    public ProtocolException(ConnectionViolation violation) {
        super(violation.description());
        requireSendable(violation.closeCode());
        this.violation = violation;
    }

    /**
     * A violation, with what the peer sent.
     *
     * @param violation the rule that was broken
     * @param detail what broke it, which the peer may read; the message is the rule's description, a colon and this
     * @throws IllegalArgumentException if its code must not be sent in a Close frame
     */
    public ProtocolException(ConnectionViolation violation, String detail) {
        super(violation.description() + ": " + detail);
        requireSendable(violation.closeCode());
        this.violation = violation;
    }

    static void requireSendable(CloseCode code) {
        if (!code.isSendable()) {
            throw new IllegalArgumentException("close code " + code + " must not be sent");
        }
    }

    /**
     * Returns the rule that was broken.
     *
     * @return the violation
     */
    public ConnectionViolation violation() {
        return violation;
    }

    /**
     * Returns the code to fail the connection with.
     *
     * @return the violation's code, which may be sent
     */
    public CloseCode closeCode() {
        return violation.closeCode();
    }

    /** Returns the text of every exception, followed by the violation's id in brackets. */
    @Override
    @SuppressWarnings("OverrideThrowableToString") // the message goes to the peer, the id only to logs
    public String toString() {
        return super.toString() + " [" + violation.id() + "]";
    }
}
