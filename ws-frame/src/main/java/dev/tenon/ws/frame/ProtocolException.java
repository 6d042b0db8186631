package dev.tenon.ws.frame;

/**
 * The peer broke the protocol. Whoever holds the connection fails it with {@link #closeCode()} (RFC 6455 §7.1.7). The
 * message names the rule in words that may go to the peer: it never holds anything internal.
 */
public final class ProtocolException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The code of the Close frame to answer with. */
    private final int closeCode;

    /**
     * A violation.
     *
     * @param closeCode the code to fail the connection with, one that {@linkplain CloseCode#mayTravel() may travel}
     * @param message the rule that was broken, fit for the peer's eyes
     * @throws IllegalArgumentException if the code may not stand in a Close frame
     */
    public ProtocolException(CloseCode closeCode, String message) {
        super(message);
        if (!closeCode.mayTravel()) {
            throw new IllegalArgumentException("close code " + closeCode + " must not be sent");
        }
        this.closeCode = closeCode.value();
    }

    /**
     * The code to fail the connection with.
     *
     * @return a code that may travel
     */
    public CloseCode closeCode() {
        return new CloseCode(closeCode);
    }
}
