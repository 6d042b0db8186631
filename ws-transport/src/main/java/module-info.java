/**
 * Event loops, plain and TLS channels, timers and coalesced writes, shared by server and client.
 *
 * <p>A link is one socket on its event loop. The module exports its package to ws-server and ws-client only.
 */
@SuppressWarnings("module") // The two modules it exports to are compiled after it.
module dev.tenon.ws.transport {
    requires transitive dev.tenon.ws.connection;
    requires transitive dev.tenon.ws.handshake;
    requires static jdk.jfr;
    requires static org.jspecify;

    exports dev.tenon.ws.transport to
            dev.tenon.ws.server,
            dev.tenon.ws.client;
}
