package dev.tenon.ws.connection;

import dev.tenon.ws.extension.SendMode;
import java.nio.ByteBuffer;

/**
 * A message, or a piece of one, for one connection.
 *
 * @param bytes from position to limit
 * @param part how much of a message it is
 * @param owned whether nobody else has the bytes, so that they need not be copied to be kept
 * @param mode what is asked of the extensions
 */
record PlainMessage(MessageType type, ByteBuffer bytes, Part part, boolean owned, SendMode mode) implements Message {
    /** How much of a message something is. */
    enum Part {
        WHOLE,
        PIECE,
        LAST_PIECE
    }

    @Override
    public PlainMessage uncompressed() {
        return new PlainMessage(type, bytes, part, owned, SendMode.UNCOMPRESSED);
    }

    /** The bytes for one send: a view of its own if they can be sent again. */
    ByteBuffer toSend() {
        return owned ? bytes.duplicate() : bytes;
    }
}
