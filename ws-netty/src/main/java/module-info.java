/**
 * WebSocket in Netty, over HTTP/1.1, HTTP/2 (RFC 8441) and HTTP/3 (RFC 9220).
 *
 * <p>This module is an adapter. It runs a {@code Connection} of {@code dev.tenon.ws.connection} in a Netty pipeline,
 * with the routes and endpoints of {@code dev.tenon.ws.server}. It has a server that serves all three versions on one
 * port, and a client.
 */
module dev.tenon.ws.netty {
    requires transitive dev.tenon.ws.server;
    requires transitive io.netty.transport;
    requires transitive io.netty.codec.http;
    requires transitive io.netty.codec.http2;
    requires transitive io.netty.codec.http3;
    requires transitive io.netty.codec.classes.quic;
    requires transitive io.netty.handler;
    requires transitive io.netty.buffer;
    requires transitive io.netty.common;
    requires io.netty.codec;
    requires static org.jspecify;

    exports dev.tenon.ws.netty;
}
