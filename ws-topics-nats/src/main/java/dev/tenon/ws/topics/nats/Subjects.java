package dev.tenon.ws.topics.nats;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tenon.ws.connection.MessageType;
import dev.tenon.ws.topics.Entry;
import dev.tenon.ws.topics.KeyedMessage;
import dev.tenon.ws.topics.Position;
import io.nats.client.Message;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** The subjects and messages on NATS. A topic's name may be any text, so it is encoded as one token in base64url. */
final class Subjects {
    private static final String ID = "Nats-Msg-Id";
    private static final String TYPE = "Tenon-Type";
    private static final String BINARY = "binary";
    private static final String TEXT = "text";

    private Subjects() {}

    static String of(String stream, String topic) {
        return stream + "." + token(topic);
    }

    /**
     * A text as one token of a subject.
     *
     * @throws IllegalArgumentException if the text has a lone surrogate: UTF-8 would make it the token of another text
     */
    static String token(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        if (!new String(bytes, UTF_8).equals(text)) {
            throw new IllegalArgumentException("a name or a key has no lone surrogate, unlike '" + text + "'");
        }
        return text.isEmpty() ? "-" : Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** The text of a token. */
    static String text(String token) {
        return token.equals("-") ? "" : new String(Base64.getUrlDecoder().decode(token), UTF_8);
    }

    /** A subject that no topic has, because a topic's token has no {@code $}. */
    static String ofNode(String stream, String name) {
        return stream + ".$" + token(name);
    }

    /** The message id contains the subject, because the stream compares ids across all subjects. */
    private static String id(String subject, KeyedMessage message) {
        return subject + "." + token(message.key());
    }

    /** The mark of the position of a message: two messages that take the same place in a stream have different ids. */
    static String mark(String subject, KeyedMessage message) {
        return mark(id(subject, message));
    }

    /** The mark of the position of a stored message; empty if it was published by other software, without an id. */
    static String mark(@Nullable Headers headers) {
        String id = headers == null ? null : headers.getFirst(ID);
        return id == null ? "" : mark(id);
    }

    private static String mark(String id) {
        CRC32C sum = new CRC32C();
        sum.update(id.getBytes(UTF_8));
        return Long.toString(sum.getValue(), Character.MAX_RADIX);
    }

    static Message message(String subject, KeyedMessage message) {
        byte[] payload = new byte[message.payload().remaining()];
        message.payload().get(payload);
        Headers headers = new Headers()
                .add(ID, id(subject, message))
                .add(TYPE, message.type() == MessageType.BINARY ? BINARY : TEXT);
        return NatsMessage.builder()
                .subject(subject)
                .headers(headers)
                .data(payload)
                .build();
    }

    static Entry entry(String epoch, Message message) {
        Headers headers = message.getHeaders();
        boolean binary = headers != null && BINARY.equals(headers.getFirst(TYPE));
        byte[] data = message.getData();
        return new Entry(
                new Position(epoch, message.metaData().streamSequence(), mark(headers)),
                binary ? MessageType.BINARY : MessageType.TEXT,
                ByteBuffer.wrap(data == null ? new byte[0] : data));
    }
}
