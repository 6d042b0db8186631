package dev.tenon.ws.connection;

import dev.tenon.ws.extension.SendMode;
import java.nio.ByteBuffer;

/**
 * A message to send, or a piece of one, for {@link WebSocket#send}, {@link WebSocket#trySend}, {@link
 * WebSocket#sendAsync} and {@link WebSocket#sendBlocking}. Immutable except for the position of the buffer from which
 * it was created, which a send moves.
 *
 * <p>A message that is created from a buffer borrows the buffer until the send has returned. If bytes cannot be sent at
 * once, the send method copies them before it returns. Such a message can be sent once, because a send that accepts it
 * consumes its bytes; a send that refuses it leaves them unchanged. A message that is created from a string, and a
 * {@link PreparedMessage}, can be sent any number of times.
 */
public sealed interface Message permits PlainMessage, PreparedMessage {
    /**
     * Creates a text message.
     *
     * @param text well-formed Unicode; this method encodes it
     * @return the message
     * @throws IllegalArgumentException if the text contains a lone surrogate, which UTF-8 cannot encode
     */
    static Message text(String text) {
        return new PlainMessage(MessageType.TEXT, Utf8.encode(text), PlainMessage.Part.WHOLE, true, SendMode.DEFAULT);
    }

    /**
     * Creates a text message from text that is already encoded.
     *
     * @param utf8 the text, from position to limit; borrowed, not changed. The receiver checks that it is well-formed;
     *     this end does not
     * @return the message
     */
    static Message text(ByteBuffer utf8) {
        return new PlainMessage(MessageType.TEXT, utf8, PlainMessage.Part.WHOLE, false, SendMode.DEFAULT);
    }

    /**
     * Creates a binary message.
     *
     * @param data the bytes, from position to limit; borrowed, not changed
     * @return the message
     */
    static Message binary(ByteBuffer data) {
        return new PlainMessage(MessageType.BINARY, data, PlainMessage.Part.WHOLE, false, SendMode.DEFAULT);
    }

    /**
     * Creates a piece of a message, which is sent as a separate fragment (RFC 6455 §5.4).
     *
     * @param type the type of the message, the same for all of its pieces
     * @param bytes the bytes, from position to limit; borrowed, not changed
     * @param last whether this piece ends the message
     * @return the piece
     */
    static Message piece(MessageType type, ByteBuffer bytes, boolean last) {
        PlainMessage.Part part = last ? PlainMessage.Part.LAST_PIECE : PlainMessage.Part.PIECE;
        return new PlainMessage(type, bytes, part, false, SendMode.DEFAULT);
    }

    /**
     * Returns the type of the message.
     *
     * @return text or binary
     */
    MessageType type();

    /**
     * Returns the same message with the request that extensions do not compress or change it, where they can comply.
     * Use it for data that is already compressed. Use it also for a message that contains a secret together with data
     * that another party chose, because the compressed length could reveal the secret. For a message in pieces, only
     * the first piece counts.
     *
     * @return the message
     */
    Message uncompressed();

    /**
     * Returns the same message as one that can be kept, and sent any number of times on any connection. If this message
     * was created from a buffer, the bytes are copied and consumed.
     *
     * @return this message, if it is one already
     * @throws IllegalArgumentException if this is a piece of a message, because the other pieces would be missing
     */
    PreparedMessage prepared();
}
