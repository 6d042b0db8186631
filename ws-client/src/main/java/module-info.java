/**
 * A WebSocket client.
 *
 * <p>Opens connections to {@code ws:} and {@code wss:} URIs: addresses, proxies, TLS, handshake, redirects and, on
 * request, reconnects. The WebSocket protocol is in the modules below.
 */
module dev.tenon.ws.client {
    requires transitive dev.tenon.ws.transport;
    requires static jdk.jfr;
    requires static org.jspecify;

    exports dev.tenon.ws.client;
}
