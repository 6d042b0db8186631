/**
 * Tenon in servers of others. The handshake and the connection do no I/O, so anything that transfers bytes can carry a
 * WebSocket. The first server is written with the JDK's sockets, the second uses ws-netty.
 *
 * <pre>
 * BlockingHost   ServerSocket → HttpHeadParser → ServerHandshake → Connection
 * NettyHost      NettyServer
 * </pre>
 */
@NullMarked
package dev.tenon.ws.examples.hosts;

import org.jspecify.annotations.NullMarked;
