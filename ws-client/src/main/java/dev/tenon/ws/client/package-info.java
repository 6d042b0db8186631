/**
 * Connecting.
 *
 * <pre>{@code
 * URI -> addresses -> [proxy] -> [TLS] -> handshake -> connection -> WebSocketListener
 *  ^---------------- redirect -----------------'
 * }</pre>
 */
@NullMarked
package dev.tenon.ws.client;

import org.jspecify.annotations.NullMarked;
