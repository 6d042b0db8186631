package dev.tenon.ws.examples.calls;

import dev.tenon.ws.connection.Codec;

/**
 * What travels: {@code REQUEST 7 body}. A program that has a JSON library would give its functions to {@link Codec#text}.
 *
 * @param kind what it is
 * @param id the same in a request and its reply
 * @param body of a request what is asked, of a reply the answer, of a failure the reason
 */
record Envelope(Kind kind, long id, String body) {
    /** What travels. */
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
