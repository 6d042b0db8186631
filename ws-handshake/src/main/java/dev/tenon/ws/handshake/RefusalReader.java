package dev.tenon.ws.handshake;

import java.nio.ByteBuffer;

/** A response that refuses the handshake, while its body is read up to a limit. Not thread-safe. */
final class RefusalReader {
    private final HttpResponse head;
    private final HttpBodyReader body;

    /**
     * A refusal whose head has come.
     *
     * @throws HandshakeException with the head alone, if it does not tell the length of the body in one way
     */
    RefusalReader(HttpResponse head, int maxBody) {
        this.head = head;
        try {
            body = HttpBodyReader.of(head, maxBody);
        } catch (HandshakeException unreadable) { // the status is what counts
            throw ResponseRules.refused(head, unreadable);
        }
    }

    /**
     * Takes bytes of the body.
     *
     * @throws HandshakeException the refusal, once its body has ended, has passed the limit or is malformed
     */
    void receive(ByteBuffer input) {
        boolean done;
        try {
            done = body.read(input);
        } catch (HandshakeException malformed) { // what came before is still worth reading
            done = true;
        }
        if (done) {
            throw soFar();
        }
    }

    /** The refusal with as much of its body as has come. */
    HandshakeException soFar() {
        return ResponseRules.refused(head.withBody(body.body()));
    }

    /** The refusal, whose body has ended with the connection. */
    HandshakeException endOfInput() {
        body.endOfInput();
        return soFar();
    }
}
