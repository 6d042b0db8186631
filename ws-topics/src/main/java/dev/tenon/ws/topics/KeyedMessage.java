package dev.tenon.ws.topics;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tenon.ws.connection.MessageType;
import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * A message that is published once, even if it is sent to the backbone several times.
 *
 * @param key the idempotency key, which the publisher chooses: two messages with the same key count as one; 1 to 128
 *     characters
 * @param type text or binary
 * @param payload the bytes from position to limit, UTF-8 for text; copied
 */
public record KeyedMessage(String key, MessageType type, ByteBuffer payload) {
    private static final int LONGEST_KEY = 128;

    /**
     * Checks the key, and copies the payload.
     *
     * @param key the idempotency key, which the publisher chooses: two messages with the same key count as one; 1 to
     *     128 characters
     * @param type text or binary
     * @param payload the bytes from position to limit, UTF-8 for text; copied
     */
    public KeyedMessage {
        if (key.isEmpty() || key.length() > LONGEST_KEY) {
            throw new IllegalArgumentException("a key has 1 to 128 characters, not " + key.length());
        }
        payload = ByteBuffer.allocate(payload.remaining())
                .put(payload.duplicate())
                .flip()
                .asReadOnlyBuffer();
    }

    /**
     * A text with a random key.
     *
     * @param text well-formed Unicode
     * @return the message
     */
    public static KeyedMessage text(String text) {
        return text(UUID.randomUUID().toString(), text);
    }

    /**
     * A text.
     *
     * @param key the idempotency key
     * @param text well-formed Unicode
     * @return the message
     */
    public static KeyedMessage text(String key, String text) {
        return new KeyedMessage(key, MessageType.TEXT, UTF_8.encode(text));
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
}
