package dev.tenon.ws.extension;

/**
 * Negotiation cannot go on: the header breaks its grammar, or the server agreed to something that was not offered or
 * that the extension does not allow. A server answers 400, a client fails the connection (RFC 6455 §4.1, §9.1).
 */
public final class ExtensionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * A failed negotiation.
     *
     * @param message the rule that was broken, fit for the peer's eyes
     */
    public ExtensionException(String message) {
        super(message);
    }
}
