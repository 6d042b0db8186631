package dev.tenon.ws.connection;

/**
 * A method of a {@link WebSocketListener} has thrown, or the executor of the listener has refused a call. The
 * connection ends with 1011. {@link #getCause()} is the exception that was thrown.
 */
public final class ListenerException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /**
     * Creates an exception.
     *
     * @param thrown the exception of the listener's method or of its executor
     */
    public ListenerException(Throwable thrown) {
        super("the listener has thrown " + thrown, thrown);
    }

    /**
     * Returns an unchecked exception for an exception of a listener, for callers that declare no checked exception.
     * Errors are thrown directly.
     */
    static RuntimeException unchecked(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        return thrown instanceof RuntimeException unchecked ? unchecked : new ListenerException(thrown);
    }
}
