package dev.tenon.ws.connection;

import java.nio.ByteBuffer;

/**
 * A listener that receives messages in pieces as they arrive, without a copy, so that a long message needs no memory.
 * {@link #onText} and {@link #onBinary} are never called. {@link ConnectionOptions#maxMessageLength} also limits these
 * messages: an upload that is longer than the default of 1 MiB needs {@link ConnectionOptions#withMaxMessageLength}.
 *
 * <p>Call grammar for the messages: {@code (onPiece(last = false)* onPiece(last = true))*}; pings and pongs may come
 * between the pieces.
 */
public interface StreamingListener extends WebSocketListener {
    /**
     * A piece of a message has arrived. Its boundaries depend on how the bytes arrived; they say nothing about the
     * sender's fragments.
     *
     * @param webSocket the connection
     * @param type the type of the message, the same for all of its pieces
     * @param piece the bytes, from position to limit; borrowed until this returns. The text so far is well-formed, but
     *     a piece may end inside a code point. May be empty
     * @param last whether this piece ends the message
     * @throws Exception to end the connection with 1011
     */
    void onPiece(WebSocket webSocket, MessageType type, ByteBuffer piece, boolean last) throws Exception;
}
