package dev.tenon.ws.netty;

import dev.tenon.ws.handshake.HttpVersion;

/** WebSocket over HTTP/2, held to the laws of transports (RFC 8441). */
class Http2TransportProperties extends NettyTransportLaws {
    Http2TransportProperties() {
        super(HttpVersion.HTTP_2);
    }
}
