/**
 * Tenon inside hosts that are not its own: the handshake and the connection are pure, so anything that carries bytes can
 * carry a WebSocket. The first host does all of it by hand, the second lets ws-netty do it.
 *
 * <pre>
 * BlockingHost   ServerSocket → HttpHeadParser → ServerHandshake → Connection
 * NettyHost      NettyServer
 * </pre>
 */
@NullMarked
package dev.tenon.ws.examples.hosts;

import org.jspecify.annotations.NullMarked;
