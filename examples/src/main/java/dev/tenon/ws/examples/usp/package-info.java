/**
 * An extension that only takes part in the handshake: {@code bbf-usp-protocol}, by which agents and controllers of the
 * User Services Platform (Broadband Forum, TR-369, "WebSocket binding") tell each other their endpoint IDs.
 */
@NullMarked
package dev.tenon.ws.examples.usp;

import org.jspecify.annotations.NullMarked;
