/**
 * The opening handshake, for both roles (RFC 6455 §4).
 *
 * <p>Parses and writes the HTTP/1.1 heads, checks what the peer sent, and settles the subprotocol and the extensions. It
 * opens no socket: bytes or a map of headers go in, and a response comes out, so that it also serves hosts that have read the
 * request themselves.
 */
module dev.tenon.ws.handshake {
    requires transitive dev.tenon.ws.extension;
    requires static org.jspecify;

    exports dev.tenon.ws.handshake;
}
