/**
 * Listening, routing, accepting and draining.
 *
 * <pre>{@code
 * listener -> request -> route -> 101 -> connection -> WebSocketListener
 *                          `----> plain HTTP handler
 * }</pre>
 */
@NullMarked
package dev.tenon.ws.server;

import org.jspecify.annotations.NullMarked;
