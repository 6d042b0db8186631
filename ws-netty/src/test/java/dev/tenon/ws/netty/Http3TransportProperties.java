package dev.tenon.ws.netty;

import dev.tenon.ws.handshake.HttpVersion;

/** WebSocket over HTTP/3, held to the laws of transports (RFC 9220). */
class Http3TransportProperties extends NettyTransportLaws {
    Http3TransportProperties() {
        super(HttpVersion.HTTP_3);
    }
}
