/**
 * Requests and responses of the opening handshake, and the checks that accept or refuse it.
 *
 * <pre>{@code
 * server  bytes -> request head -> checks -> negotiation -> 101, or a refusal -> bytes
 * client  request -> bytes ... bytes -> response head -> checks -> agreed terms, or a failure
 * }</pre>
 */
@NullMarked
package dev.tenon.ws.handshake;

import org.jspecify.annotations.NullMarked;
