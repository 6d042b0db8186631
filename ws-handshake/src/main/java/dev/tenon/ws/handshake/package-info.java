/**
 * Requests, responses and the decision between them.
 *
 * <pre>{@code
 * server  bytes -> request head -> checks -> negotiation -> 101, or a refusal -> bytes
 * client  request -> bytes ... bytes -> response head -> checks -> agreed terms, or a failure
 * }</pre>
 */
@NullMarked
package dev.tenon.ws.handshake;

import org.jspecify.annotations.NullMarked;
