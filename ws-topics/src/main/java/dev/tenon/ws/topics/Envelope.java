package dev.tenon.ws.topics;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tenon.ws.connection.MessageType;
import dev.tenon.ws.connection.PreparedMessage;
import org.jspecify.annotations.Nullable;

/** Makes of an entry of a history the message that subscribers are sent. Thread-safe, and does not block. */
public interface Envelope {
    /**
     * The message for an entry. It is made once for all live subscribers of a process.
     *
     * @param entry the entry
     * @return what is sent
     */
    PreparedMessage wrap(Entry entry);

    /**
     * The message that tells a client where its subscription begins; it comes before all others of the topic.
     *
     * @param position the position behind which the client gets everything
     * @param recovered whether the position is the one that the client has resumed from
     * @return what is sent, or null for nothing
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
     * Sends a text as {@code {"p":"epoch:offset","d":"text"}}, and first of all
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
                ? PreparedMessage.text(UTF_8.decode(entry.payload()).toString())
                : PreparedMessage.binary(entry.payload());
    }
}
