/**
 * A WebSocket client.
 *
 * <p>One call of {@code connect}, where each name is a class, and each line a chain of steps that a {@code StepRunner} runs
 * on one event loop:
 *
 * <pre>
 * ConnectOperation   permit → cookies → LinkOpener → opening handshake → cookies → redirect, challenge (→ again) or Session
 * LinkOpener           proxy selector → addresses → filter → permit of the host → HappyEyeballs → ProxyTunnel → TLS
 * ProxyTunnel            CONNECT or SOCKS 5, with credentials
 * </pre>
 *
 * <p>{@code WebSocketClient.connect} returns a future of a {@link dev.tenon.ws.connection.WebSocket}; a {@link
 * dev.tenon.ws.connection.WebSocketListener} receives the events of the connection. {@code ReconnectingWebSocket}
 * starts a {@code ConnectOperation} after each disconnect, with a delay from {@code Backoff}.
 */
@NullMarked
package dev.tenon.ws.client;

import org.jspecify.annotations.NullMarked;
