/**
 * A WebSocket server, and routes for servers of other libraries.
 *
 * <pre>{@code
 * Binding -> HttpDriver -> Dispatcher -> Router -> Endpoint -> 101 -> WebSocketProtocol -> WebSocketListener
 *                                             `--> HttpHandler -> response
 * }</pre>
 */
@NullMarked
package dev.tenon.ws.server;

import org.jspecify.annotations.NullMarked;
