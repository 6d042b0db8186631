package dev.tenon.ws.client;

/**
 * Decides to which challenges of servers and proxies a client responds. It skips a challenge that is not allowed and
 * takes another one; if none is allowed, the connect fails with the refusal.
 */
@FunctionalInterface
public interface AuthPolicy {
    /** Every scheme is allowed, Basic without TLS too. */
    AuthPolicy ANY = (scheme, encrypted) -> true;

    /**
     * Basic is allowed over TLS only, so that no password is sent unencrypted. Connections to proxies never use TLS.
     */
    AuthPolicy NO_BASIC_IN_THE_CLEAR = (scheme, encrypted) -> encrypted || scheme != AuthScheme.BASIC;

    /** Digest with SHA-256 is allowed, nothing else. */
    AuthPolicy ONLY_SHA_256 = (scheme, encrypted) -> scheme == AuthScheme.DIGEST_SHA_256;

    /**
     * Whether a scheme is allowed. Called on an event loop; must not block.
     *
     * @param scheme the scheme of a challenge
     * @param encrypted whether the response to it is sent over TLS
     * @return true to respond
     */
    boolean allows(AuthScheme scheme, boolean encrypted);
}
