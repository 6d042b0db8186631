/**
 * The opening handshake, for both roles (RFC 6455 §4).
 *
 * <p>Parses and writes HTTP/1.1 heads, checks the request or response of the peer, and negotiates the subprotocol and
 * the extensions. It opens no socket: bytes or headers go in, and a response comes out, so it also works with another
 * HTTP library.
 */
module dev.tenon.ws.handshake {
    requires transitive dev.tenon.ws.extension;
    requires static org.jspecify;

    exports dev.tenon.ws.handshake;
}
