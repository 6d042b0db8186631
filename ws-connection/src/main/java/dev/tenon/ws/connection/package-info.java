/**
 * The state machine of a connection, and the session contract of every transport.
 *
 * <pre>{@code
 * inbound   bytes -> FrameDecoder -> extensions -> MessageAssembler -> WebSocketListener
 * outbound  WebSocket.send -> MessageWriter -> extensions -> FrameEncoder -> bytes
 * }</pre>
 */
@NullMarked
package dev.tenon.ws.connection;

import org.jspecify.annotations.NullMarked;
