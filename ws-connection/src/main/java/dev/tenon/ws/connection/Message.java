package dev.tenon.ws.connection;

import dev.tenon.ws.extension.SendMode;
import java.nio.ByteBuffer;

/**
 * A message to be sent, or a piece of one: what {@link WebSocket#send}, {@link WebSocket#trySend}, {@link
 * WebSocket#sendAsync} and {@link WebSocket#sendBlocking} take. Immutable but for the position of a buffer that it was
 * made of, which a send moves.
 *
 * <p>A message that is made of a buffer borrows it until the send has returned: what could not leave at once has been
 * copied by then. It is good for one send, because its bytes are used up when they are taken; one that is refused leaves
 * them as they were. A message that is made of a string, and a {@link PreparedMessage}, can be sent any number of times.
 */
public sealed interface Message permits PlainMessage, PreparedMessage {
    /**
     * A text message.
     *
     * @param text well-formed Unicode; encoded here
     * @return the message
     * @throws IllegalArgumentException if the text holds a lone surrogate: it cannot be sent as UTF-8
     */
    static Message text(String text) {
        return new PlainMessage(MessageType.TEXT, Utf8.encode(text), PlainMessage.Part.WHOLE, true, SendMode.DEFAULT);
    }

    /**
     * A text message that is encoded already.
     *
     * @param utf8 the text, from position to limit; borrowed, not changed. The receiver checks that it is well-formed,
     *     this end does not
     * @return the message
     */
    static Message text(ByteBuffer utf8) {
        return new PlainMessage(MessageType.TEXT, utf8, PlainMessage.Part.WHOLE, false, SendMode.DEFAULT);
    }

    /**
     * A binary message.
     *
     * @param data the bytes, from position to limit; borrowed, not changed
     * @return the message
     */
    static Message binary(ByteBuffer data) {
        return new PlainMessage(MessageType.BINARY, data, PlainMessage.Part.WHOLE, false, SendMode.DEFAULT);
    }

    /**
     * A piece of a message; it leaves as a fragment of its own (RFC 6455 §5.4).
     *
     * @param type the type of the message, the same for all of its pieces
     * @param bytes the bytes, from position to limit; borrowed, not changed
     * @param last whether the message ends with this piece
     * @return the piece
     */
    static Message piece(MessageType type, ByteBuffer bytes, boolean last) {
        PlainMessage.Part part = last ? PlainMessage.Part.LAST_PIECE : PlainMessage.Part.PIECE;
        return new PlainMessage(type, bytes, part, false, SendMode.DEFAULT);
    }

    /**
     * Text or binary.
     *
     * @return the type
     */
    MessageType type();

    /**
     * The same message, with the request that extensions leave it as it is, where they can: for what is compressed
     * already, and for what holds a secret beside something that others have chosen, so that its compressed length must
     * not tell of it. Of a message in pieces the first piece counts.
     *
     * @return the message
     */
    Message uncompressed();
}
