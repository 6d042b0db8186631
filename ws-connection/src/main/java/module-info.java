/**
 * One WebSocket connection after its handshake, as a state machine without I/O (RFC 6455 §5.4 to §8).
 *
 * <p>Messages, fragments, UTF-8, pings, the closing handshake and the limits live here, together with the contract between
 * a session and its application. Bytes and the current time go in; events, bytes to send and the next deadline come out.
 */
module dev.tenon.ws.connection {
    requires transitive dev.tenon.ws.frame;
    requires transitive dev.tenon.ws.extension;
    requires static org.jspecify;

    exports dev.tenon.ws.connection;
}
