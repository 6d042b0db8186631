package dev.tenon.ws.connection;

import java.nio.ByteBuffer;

/**
 * A message, or a piece of one, for one connection.
 *
 * @param bytes from position to limit
 * @param part how much of a message it is
 * @param owned whether nobody else has the bytes, so that they need not be copied to be kept
 * @param isUncompressed whether extensions are asked to leave it as it is
 */
record PlainMessage(MessageType type, ByteBuffer bytes, Part part, boolean owned, boolean isUncompressed)
        implements Message {
    /** How much of a message something is. */
    enum Part {
        WHOLE,
        PIECE,
        LAST_PIECE
    }

    @Override
    public PlainMessage uncompressed() {
        return new PlainMessage(type, bytes, part, owned, true);
    }

    /** The bytes for one send: a view of its own if they can be sent again. */
    ByteBuffer toSend() {
        return owned ? bytes.duplicate() : bytes;
    }
}
