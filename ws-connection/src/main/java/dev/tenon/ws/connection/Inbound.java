package dev.tenon.ws.connection;

import dev.tenon.ws.frame.ClosePayload;
import dev.tenon.ws.frame.FrameDecoder;
import dev.tenon.ws.frame.FrameHandler;
import dev.tenon.ws.frame.FrameRules;
import dev.tenon.ws.frame.LimitViolation;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.ProtocolException;
import java.nio.ByteBuffer;

/**
 * The receiving half: takes bytes through the decoder, the extensions and the assembler, answers pings, and hands on
 * what an application wants to know. One piece of a frame can lead to several messages, of which the first may end it
 * all.
 */
final class Inbound implements MessageHandler, Liveness.Sight {
    static final byte[] KEEPALIVE = {'t', 'e', 'n', 'o', 'n', 0, 'k', 'a'};

    private final Connection connection;
    private final FrameDecoder decoder;
    private final FrameHandler first;
    private final MessageAssembler assembler;
    private final Delivery delivery;
    private final Outbound outbound;
    private long messages;

    Inbound(
            Connection connection,
            FrameRules rules,
            ConnectionOptions options,
            ExtensionChain extensions,
            Delivery delivery,
            Outbound outbound) {
        this.connection = connection;
        this.delivery = delivery;
        this.outbound = outbound;
        decoder = new FrameDecoder(rules);
        assembler = MessageAssembler.decoding(this, delivery.streams(), options.maxMessageLength());
        first = extensions.inbound(assembler);
    }

    /**
     * Takes what an extension has kept back, and then bytes, until they are used up, or the application is not ready, or
     * nothing counts any more.
     *
     * @throws ProtocolException if the peer broke the protocol
     */
    void receive(ByteBuffer input) {
        while (connection.reads() && goesOn() && decoder.decode(input, first)) {
            // one piece a turn: each may change what holds for the next
        }
    }

    private boolean goesOn() {
        if (first.isReady()) {
            return true;
        }
        first.resume();
        return connection.reads() && first.isReady();
    }

    /** Whether more may come: nothing is kept back, and the application is ready. */
    boolean isReady() {
        return first.isReady();
    }

    @Override
    public boolean hasRoom(int joined) {
        return delivery.hasRoom(joined);
    }

    @Override
    public void onMessage(MessageType type, ByteBuffer payload, boolean last) {
        if (!connection.reads()) {
            return;
        }
        messages += last ? 1 : 0;
        if (delivery.isReady()) {
            delivery.tell(type, payload, last);
            delivery.next();
        } else {
            delivery.hold(type, payload, last);
        }
    }

    @Override
    public void onControl(Opcode opcode, ByteBuffer payload) {
        if (!connection.reads()) {
            return;
        }
        switch (opcode) {
            case CLOSE -> connection.onPeerClose(ClosePayload.decode(payload));
            case PING -> onPing(payload);
            default -> onPong(payload);
        }
    }

    @Override
    public void onEmptyFragment() {
        takeToken(LimitViolation.TOO_MANY_EMPTY_FRAGMENTS);
    }

    /** Counts a frame without content, of which no length is a bound. */
    private void takeToken(LimitViolation otherwise) {
        if (!connection.takeControlToken()) {
            throw otherwise.toException();
        }
    }

    private void onPing(ByteBuffer payload) {
        takeToken(LimitViolation.TOO_MANY_CONTROL_FRAMES);
        int start = payload.position();
        if (connection.sends()) {
            outbound.pong(payload);
        }
        delivery.ping(payload.position(start));
    }

    private void onPong(ByteBuffer payload) {
        Pings pings = outbound.knownPings();
        boolean answer = false;
        if (pings != null && pings.takesPong()) {
            pings.answered(payload, connection.nanoTime());
            answer = true;
        } else {
            takeToken(LimitViolation.TOO_MANY_CONTROL_FRAMES);
        }
        if (!answer || !payload.equals(ByteBuffer.wrap(KEEPALIVE))) {
            delivery.pong(payload);
        }
    }

    // What the deadlines depend on

    @Override
    public long backlog() {
        return outbound.backlog();
    }

    @Override
    public long left() {
        return outbound.left();
    }

    @Override
    public long messages() {
        return messages + outbound.messages();
    }

    @Override
    public long received() {
        return messages;
    }

    @Override
    public long joined() {
        return assembler.joined();
    }

    @Override
    public boolean isStalled() {
        return connection.isStalled();
    }

    /** Drops what a partial message holds. */
    void release() {
        assembler.release();
    }
}
