package dev.tenon.ws.client;

/**
 * Which challenges of servers and proxies are answered. A challenge that is not allowed is passed over for a weaker or
 * stronger one; if none is left, the refusal is the failure of the connect.
 */
@FunctionalInterface
public interface AuthPolicy {
    /** Every scheme is allowed, Basic without TLS too. */
    AuthPolicy ANY = (scheme, encrypted) -> true;

    /** Basic is allowed over TLS only: no password travels in the clear. A proxy is never asked over TLS. */
    AuthPolicy NO_BASIC_IN_THE_CLEAR = (scheme, encrypted) -> encrypted || scheme != AuthScheme.BASIC;

    /** Digest with SHA-256 is allowed, nothing else. */
    AuthPolicy ONLY_SHA_256 = (scheme, encrypted) -> scheme == AuthScheme.DIGEST_SHA_256;

    /**
     * Whether a scheme is allowed. Called on an event loop; must not block.
     *
     * @param scheme the scheme that a challenge names
     * @param encrypted whether the response to it travels inside TLS
     * @return true to answer
     */
    boolean allows(AuthScheme scheme, boolean encrypted);
}
