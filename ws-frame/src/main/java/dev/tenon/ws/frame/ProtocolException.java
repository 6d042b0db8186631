package dev.tenon.ws.frame;

/**
 * The peer broke a rule of the open connection. Whoever holds the connection fails it with {@link #closeCode()} (RFC 6455
 * §7.1.7). The message may go to the peer: it never holds anything internal.
 */
public final class ProtocolException extends RuntimeException {
    private static final long serialVersionUID = 2L;

    /** The rule that was broken. */
    private final ConnectionViolation violation;

    /**
     * A violation.
     *
     * @param violation the rule that was broken
     * @throws IllegalArgumentException if its code may not stand in a Close frame
     */
    public ProtocolException(ConnectionViolation violation) {
        super(violation.rule());
        requireMayTravel(violation.closeCode());
        this.violation = violation;
    }

    /**
     * A violation, with what the peer sent.
     *
     * @param violation the rule that was broken
     * @param detail what broke it, fit for the peer's eyes; the message is the rule, a colon and this
     * @throws IllegalArgumentException if its code may not stand in a Close frame
     */
    public ProtocolException(ConnectionViolation violation, String detail) {
        super(violation.rule() + ": " + detail);
        requireMayTravel(violation.closeCode());
        this.violation = violation;
    }

    static void requireMayTravel(CloseCode code) {
        if (!code.isSendable()) {
            throw new IllegalArgumentException("close code " + code + " must not be sent");
        }
    }

    /**
     * The rule that was broken.
     *
     * @return the violation
     */
    public ConnectionViolation violation() {
        return violation;
    }

    /**
     * The code to fail the connection with.
     *
     * @return the violation's code, which may be sent
     */
    public CloseCode closeCode() {
        return violation.closeCode();
    }

    /** As every exception, with the violation's id at the end. */
    @Override
    @SuppressWarnings("OverrideThrowableToString") // the message goes to the peer, which the id says nothing
    public String toString() {
        return super.toString() + " [" + violation.id() + "]";
    }
}
