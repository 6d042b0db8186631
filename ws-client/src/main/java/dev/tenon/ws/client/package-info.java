/**
 * A WebSocket client.
 *
 * <p>One call of {@code connect}, where each name is a class and each arrow a callback on one event loop:
 *
 * <pre>
 * Connecting   turn → cookies → Attempt → cookies → redirect, challenge (→ Attempt) or Session
 * Attempt        proxy selector → Dialing → HttpTunnel or SocksTunnel → Securing (TLS) → Upgrading
 * Dialing          Resolver → turn of the address → Race of TCP connections
 * </pre>
 *
 * <p>{@code WebSocketClient.connect} gives a future of a {@link dev.tenon.ws.connection.WebSocket}; what happens on the
 * connection goes to a {@link dev.tenon.ws.connection.WebSocketListener}. {@code Inbox} is one for threads that wait;
 * {@code Reconnecting} begins a {@code Connecting} after each loss, when {@code Backoff} says.
 */
@NullMarked
package dev.tenon.ws.client;

import org.jspecify.annotations.NullMarked;
