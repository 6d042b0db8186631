/**
 * A WebSocket client.
 *
 * <p>Turns a {@code ws:} or {@code wss:} URI into an open session: addresses, proxy, TLS, handshake, redirects and, on
 * request, reconnects. The protocol itself lives in the modules below.
 */
module dev.tenon.ws.client {
    requires transitive dev.tenon.ws.transport;
    requires static jdk.jfr;
    requires static org.jspecify;

    exports dev.tenon.ws.client;
}
