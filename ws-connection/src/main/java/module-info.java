/**
 * One WebSocket connection after its handshake, as a state machine without I/O (RFC 6455 §5.4 to §8).
 *
 * <p>This module handles messages, fragments, UTF-8, pings, the closing handshake and the limits. It also defines the
 * contract between a session and its application. Its input is bytes and the current time. Its output is events, bytes
 * to send and the next deadline.
 */
module dev.tenon.ws.connection {
    requires transitive dev.tenon.ws.frame;
    requires transitive dev.tenon.ws.extension;
    requires static org.jspecify;

    exports dev.tenon.ws.connection;
}
