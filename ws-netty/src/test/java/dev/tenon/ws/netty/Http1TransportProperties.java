package dev.tenon.ws.netty;

import dev.tenon.ws.handshake.HttpVersion;

/** WebSocket over HTTP/1.1, held to the laws of transports (RFC 6455). */
class Http1TransportProperties extends NettyTransportLaws {
    Http1TransportProperties() {
        super(HttpVersion.HTTP_1_1);
    }
}
