package dev.tenon.ws.client;

import dev.tenon.ws.handshake.Agreement;
import dev.tenon.ws.handshake.ClientHandshake;
import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.transport.Link;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** The opening handshake on a link (RFC 6455 §4.1). */
final class Upgrading extends LinkStep {
    private final Hop hop;
    private final ClientHandshake handshake;
    private final Consumer<Agreement> agreed;
    private final Consumer<HandshakeException> refused;
    private boolean answering;

    Upgrading(
            Link link,
            Hop hop,
            ClientHandshake handshake,
            Consumer<Agreement> agreed,
            Consumer<HandshakeException> refused,
            Consumer<IOException> failed) {
        super(link, failed);
        this.hop = hop;
        this.handshake = handshake;
        this.agreed = agreed;
        this.refused = refused;
    }

    void start() {
        link.switchTo(this);
        link.write(handshake.request().encode());
    }

    /** Once there is an agreement, nothing is taken any more: what follows are frames, and wait in the link. */
    @Override
    public void received(ByteBuffer input) {
        answering |= input.hasRemaining();
        if (isOver()) {
            return;
        }
        Agreement agreement;
        try {
            agreement = handshake.receive(input);
        } catch (HandshakeException e) {
            input.position(input.limit());
            refuse(e);
            return;
        }
        if (agreement != null) {
            link.pauseInput();
            agreed.accept(agreement);
        }
    }

    private void refuse(HandshakeException e) {
        cancel();
        refused.accept(e);
    }

    @Override
    public void inputEnded() {
        if (!isOver()) {
            HandshakeException ended = handshake.endOfInput();
            if (ended.response() == null
                    && ended.getCause() == null) { // so that it differs from an answer that is none
                ended.initCause(new EOFException("the end of the connection"));
            }
            refuse(ended);
        }
    }

    @Override
    public String waitsFor() {
        return (answering ? "the rest of the answer of " : "an answer of ") + hop.authority()
                + " to the opening handshake";
    }
}
