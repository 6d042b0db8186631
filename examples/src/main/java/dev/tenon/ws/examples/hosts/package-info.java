/**
 * Tenon inside hosts that are not its own: the handshake and the connection are pure, so anything that carries bytes can
 * carry a WebSocket.
 *
 * <pre>
 * BlockingHost   ServerSocket → HttpHeadParser → ServerHandshake → Connection
 * NettyHost      Netty's HTTP codec → header map → ServerHandshake → Connection
 * NettyHttp2Host Netty's HTTP/2 codec → extended CONNECT → ServerHandshake → Connection
 * </pre>
 */
@NullMarked
package dev.tenon.ws.examples.hosts;

import org.jspecify.annotations.NullMarked;
