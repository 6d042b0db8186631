/**
 * The state machine of a connection, and the contract between an application and its connections on every transport.
 *
 * <pre>{@code
 * inbound   bytes -> FrameDecoder -> extensions -> MessageAssembler -> WebSocketListener
 * outbound  WebSocket.send -> Outbound -> extensions -> FrameEncoder -> bytes
 * }</pre>
 */
@NullMarked
package dev.tenon.ws.connection;

import org.jspecify.annotations.NullMarked;
