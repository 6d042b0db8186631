package dev.tenon.ws.frame;

/**
 * A rule for the opening handshake, before there are frames (RFC 6455 §4). A server refuses the request; a client ends the
 * connection, and the server is told nothing. It stands here because a sealed type and its kinds lie in one module; its
 * constants lie in the modules that read HTTP and negotiate extensions.
 */
public non-sealed interface HandshakeViolation extends Violation {
    /**
     * The status of the response with which a server refuses a request that breaks the rule.
     *
     * @return 400 to 599, or 0 if only a response can break it
     */
    int status();
}
