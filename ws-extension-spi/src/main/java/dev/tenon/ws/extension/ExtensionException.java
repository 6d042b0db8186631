package dev.tenon.ws.extension;

/**
 * A header breaks its grammar: a server answers 400, a client fails the connection (RFC 6455 §4.1, §9.1). Or a provider
 * refuses an element: as an offer it is declined, and the connection goes on without it; as a server's answer, which was
 * not offered or is not allowed, it fails the connection. Without a stack trace: what matters is what the peer sent.
 */
public final class ExtensionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * A failed negotiation.
     *
     * @param message the rule that was broken, fit for the peer's eyes
     */
    public ExtensionException(String message) {
        super(message, null, false, false);
    }
}
