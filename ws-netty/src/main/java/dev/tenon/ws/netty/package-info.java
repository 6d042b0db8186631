/**
 * WebSocket in Netty.
 *
 * <pre>
 *     HttpServerCodec        ┐                        ┌ Http1Carrier ┐
 *     stream of HTTP/2       ├→ WebSocketHandler  →   ├ Http2Carrier ├→ ChannelConnection → Connection → listener
 *     stream of HTTP/3       ┘   (HostedRoutes)       └ Http3Carrier ┘
 * </pre>
 */
@NullMarked
package dev.tenon.ws.netty;

import org.jspecify.annotations.NullMarked;
