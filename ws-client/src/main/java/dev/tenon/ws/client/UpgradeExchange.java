package dev.tenon.ws.client;

import dev.tenon.ws.client.step.Exchange;
import dev.tenon.ws.handshake.Agreement;
import dev.tenon.ws.handshake.ClientHandshake;
import dev.tenon.ws.handshake.HandshakeException;
import java.io.EOFException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The opening handshake (RFC 6455 §4.1). The bytes behind the response's head are frames, which stay in the input. */
final class UpgradeExchange implements Exchange<Agreement> {
    private final ClientHandshake handshake;
    private final String server;
    private boolean responding;

    UpgradeExchange(ClientHandshake handshake, String server) {
        this.handshake = handshake;
        this.server = server;
    }

    @Override
    public ByteBuffer request() {
        return handshake.request().encode();
    }

    @Override
    public @Nullable Agreement receive(ByteBuffer input) {
        responding |= input.hasRemaining();
        return handshake.receive(input);
    }

    @Override
    public Throwable endOfInput() {
        HandshakeException ended = handshake.endOfInput();
        if (ended.response() == null && ended.getCause() == null) { // to distinguish it from a malformed response
            ended.initCause(new EOFException("the end of the connection"));
        }
        return ended;
    }

    @Override
    public @Nullable Throwable failureSoFar() {
        return handshake.refusal();
    }

    @Override
    public String awaitedEvent() {
        return (responding ? "the rest of the response of " : "a response of ") + server + " to the opening handshake";
    }
}
