/**
 * Listening, routing, accepting and draining.
 *
 * <pre>{@code
 * Binding -> HttpDriver -> Dispatcher -> Router -> Endpoint -> 101 -> Session -> WebSocketListener
 *                                             `--> HttpHandler -> response
 * }</pre>
 */
@NullMarked
package dev.tenon.ws.server;

import org.jspecify.annotations.NullMarked;
