package dev.tenon.ws.handshake;

import java.nio.ByteBuffer;

/** Reads the body of a response that refuses the handshake, up to a limit. Not thread-safe. */
final class RefusalReader {
    private final HttpResponse head;
    private final HttpBodyReader body;

    /**
     * A refusal whose head has arrived.
     *
     * @throws HandshakeException with the head alone, if the length of the body is ambiguous
     */
    RefusalReader(HttpResponse head, int maxBody) {
        this.head = head;
        try {
            body = HttpBodyReader.of(head, maxBody);
        } catch (HandshakeException unreadable) { // the status matters more than the body
            throw ResponseRules.refused(head, unreadable);
        }
    }

    /**
     * Reads bytes of the body.
     *
     * @throws HandshakeException the refusal, when its body has ended, has exceeded the limit or is malformed
     */
    void receive(ByteBuffer input) {
        boolean done;
        try {
            done = body.read(input);
        } catch (HandshakeException malformed) { // report the part of the body before the fault
            done = true;
        }
        if (done) {
            throw soFar();
        }
    }

    /** The refusal with the part of its body that has arrived. */
    HandshakeException soFar() {
        return ResponseRules.refused(head.withBody(body.body()));
    }

    /** The refusal at the end of the connection, which ends its body. */
    HandshakeException endOfInput() {
        body.endOfInput();
        return soFar();
    }
}
