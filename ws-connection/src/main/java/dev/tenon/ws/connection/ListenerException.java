package dev.tenon.ws.connection;

/**
 * A method of a {@link WebSocketListener} has thrown, or the executor of the listener has refused to call it. The
 * connection ends with 1011. {@link #getCause()} is what was thrown.
 */
public final class ListenerException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /**
     * A failure of a listener.
     *
     * @param thrown what its method, or its executor, has thrown
     */
    public ListenerException(Throwable thrown) {
        super("the listener has thrown " + thrown, thrown);
    }

    /** What a listener has thrown, as a caller may throw it who declares nothing. */
    static RuntimeException unchecked(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        return thrown instanceof RuntimeException unchecked ? unchecked : new ListenerException(thrown);
    }
}
