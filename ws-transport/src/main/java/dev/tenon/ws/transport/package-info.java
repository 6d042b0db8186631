/**
 * Moves bytes between sockets and connections.
 *
 * <pre>{@code
 * inbound   selector -> channel -> [TLS] -> loop's read buffer -> connection
 * outbound  connection -> loop's cork buffer -> [TLS] -> channel
 * time      loop's clock -> connection's next deadline
 * }</pre>
 */
@NullMarked
package dev.tenon.ws.transport;

import org.jspecify.annotations.NullMarked;
