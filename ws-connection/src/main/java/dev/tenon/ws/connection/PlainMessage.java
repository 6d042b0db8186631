package dev.tenon.ws.connection;

import dev.tenon.ws.extension.SendMode;
import java.nio.ByteBuffer;

/**
 * A message, or a piece of one, for one connection.
 *
 * @param bytes from position to limit
 * @param part whether this is a whole message, a piece or the last piece
 * @param owned whether this object owns the bytes, so that no copy is needed to keep them
 * @param mode the request to the extensions
 */
record PlainMessage(MessageType type, ByteBuffer bytes, Part part, boolean owned, SendMode mode) implements Message {
    /** Whether the bytes are a whole message, a piece or the last piece. */
    enum Part {
        WHOLE,
        PIECE,
        LAST_PIECE
    }

    @Override
    public PlainMessage uncompressed() {
        return new PlainMessage(type, bytes, part, owned, SendMode.UNCOMPRESSED);
    }

    @Override
    public PreparedMessage prepared() {
        if (part != Part.WHOLE) {
            throw new IllegalArgumentException("a piece of a message cannot be sent without the others");
        }
        PreparedMessage prepared =
                type == MessageType.TEXT ? PreparedMessage.text(toSend()) : PreparedMessage.binary(toSend());
        return mode == SendMode.UNCOMPRESSED ? prepared.uncompressed() : prepared;
    }

    /** Returns the bytes for one send. If the bytes can be sent again, this is a new view. */
    ByteBuffer toSend() {
        return owned ? bytes.duplicate() : bytes;
    }
}
