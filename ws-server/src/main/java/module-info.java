/**
 * A WebSocket server.
 *
 * <p>It listens, routes upgrades to endpoints and all other requests to plain HTTP handlers, and closes its connections
 * before it stops. The protocol itself lies in the modules below.
 */
module dev.tenon.ws.server {
    requires transitive dev.tenon.ws.transport;
    requires static jdk.jfr;
    requires static org.jspecify;

    exports dev.tenon.ws.server;
}
