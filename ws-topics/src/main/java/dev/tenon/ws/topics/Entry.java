package dev.tenon.ws.topics;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tenon.ws.connection.MessageType;
import java.nio.ByteBuffer;

/**
 * One message in the history of a topic.
 *
 * @param position its position
 * @param type text or binary
 * @param payload the bytes from position to limit, UTF-8 for text; never changed
 */
public record Entry(Position position, MessageType type, ByteBuffer payload) {
    /**
     * Makes a read-only view of the payload.
     *
     * @param position its position
     * @param type text or binary
     * @param payload the bytes from position to limit, UTF-8 for text; never changed
     */
    public Entry {
        payload = payload.asReadOnlyBuffer();
    }

    /**
     * The content.
     *
     * @return a new read-only view, from position to limit
     */
    @Override
    public ByteBuffer payload() {
        return payload.duplicate();
    }

    /**
     * Returns the content of a text message.
     *
     * @return the payload as text
     * @throws IllegalStateException if the message is binary
     */
    public String text() {
        if (type != MessageType.TEXT) {
            throw new IllegalStateException("the message at " + position + " is binary; payload() returns its bytes");
        }
        return UTF_8.decode(payload()).toString();
    }
}
