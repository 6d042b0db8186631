package dev.tenon.ws.topics;

import dev.tenon.ws.connection.MessageType;
import dev.tenon.ws.connection.PreparedMessage;
import org.jspecify.annotations.Nullable;

/**
 * Creates the message that subscribers receive for an entry of a history. Thread-safe; must not block. If it throws, the
 * subscribers that would miss a message are closed with 1013, and subscriptions that are not complete fail.
 */
public interface Envelope {
    /**
     * The message for an entry. It is created once for all live subscribers of a process.
     *
     * @param entry the entry
     * @return the message
     */
    PreparedMessage wrap(Entry entry);

    /**
     * The first message of a subscription, which has its begin position.
     *
     * @param position the position behind which the client receives all messages
     * @param recovered whether this is the position from which the client has resumed
     * @return the message, or null for none
     */
    default @Nullable PreparedMessage begin(Position position, boolean recovered) {
        return null;
    }

    /**
     * Sends the payload as it is. Clients do not learn positions, unless the payload holds them.
     *
     * @return the envelope
     */
    static Envelope none() {
        return Envelope::plain;
    }

    /**
     * Sends a text as {@code {"p":"epoch:offset","d":"text"}}, and as the first message
     * {@code {"p":"epoch:offset","recovered":true}}: a browser keeps the newest {@code p} and resumes from it. Binary
     * messages are sent as they are.
     *
     * @return the envelope
     */
    static Envelope json() {
        return new JsonEnvelope();
    }

    private static PreparedMessage plain(Entry entry) {
        return entry.type() == MessageType.TEXT
                ? PreparedMessage.text(entry.text())
                : PreparedMessage.binary(entry.payload());
    }
}
