package dev.tenon.ws.examples.calls;

import dev.tenon.ws.connection.Codec;

/**
 * A message between two ends: {@code REQUEST 7 body}. A program with a JSON library would pass its functions to {@link
 * Codec#text}.
 *
 * @param kind the kind of message
 * @param id the same in a request and its reply
 * @param body the question of a request, the answer of a reply, the reason of a failure
 */
record Envelope(Kind kind, long id, String body) {
    /** The kinds of messages. */
    enum Kind {
        REQUEST,
        REPLY,
        FAILURE
    }

    static final Codec<Envelope> CODEC = Codec.text(Envelope::write, Envelope::read);

    private String write() {
        return kind + " " + id + " " + body;
    }

    private static Envelope read(String text) {
        String[] parts = text.split(" ", 3);
        return new Envelope(Kind.valueOf(parts[0]), Long.parseLong(parts[1]), parts[2]);
    }
}
