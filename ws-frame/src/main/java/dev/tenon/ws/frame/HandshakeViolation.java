package dev.tenon.ws.frame;

/**
 * A rule for the opening handshake, before there are frames (RFC 6455 §4). A server refuses a request that breaks one
 * with {@link #status()}; a client closes the connection and sends the server nothing.
 *
 * <p>The type lies in ws-frame because Java wants a sealed interface and its kinds in one module. Its constants lie in
 * the modules that read HTTP and negotiate extensions.
 */
public non-sealed interface HandshakeViolation extends Violation {
    /**
     * The status of the response with which a server refuses a request that breaks the rule.
     *
     * @return 400 to 599, or 0 if only a response can break the rule
     */
    default int status() {
        return rule().code();
    }
}
