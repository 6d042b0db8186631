package dev.tenon.ws.connection;

import dev.tenon.ws.frame.ClosePayload;
import dev.tenon.ws.frame.FrameDecoder;
import dev.tenon.ws.frame.FrameHandler;
import dev.tenon.ws.frame.FrameRules;
import dev.tenon.ws.frame.LimitViolation;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The receiving half of a connection: passes bytes through the decoder, the extensions and the assembler, answers
 * pings, and calls the delivery. One piece of a frame can produce several messages, and the first of them may end the
 * connection. While the application is not ready, processing stops and the transport does not read.
 */
final class Inbound implements MessageHandler, Liveness.Activity {
    static final byte[] KEEPALIVE = {'t', 'e', 'n', 'o', 'n', 0, 'k', 'a'};

    private final CloseHandshake handshake;
    private final Delivery delivery;
    private final FrameDecoder decoder;
    private final FrameHandler first;
    private final MessageAssembler assembler;
    /** Created for the first frame that needs a token. */
    private @Nullable ControlBucket bucket;

    private long bytes;
    private long messages;
    private boolean receiving;
    private boolean stalled;

    Inbound(
            CloseHandshake handshake,
            Delivery delivery,
            FrameRules rules,
            ExtensionChain extensions,
            long maxMessageLength) {
        this.handshake = handshake;
        this.delivery = delivery;
        decoder = new FrameDecoder(rules);
        assembler = MessageAssembler.decoding(this, delivery.streams(), maxMessageLength);
        FrameHandler chain = extensions.inbound(assembler);
        first = extensions.isEmpty() ? chain : new FrontStage(chain, this::countEmptyFragment);
    }

    private Connection connection() {
        return delivery.connection();
    }

    /** Processes bytes until they are consumed or the application is not ready. */
    void receive(ByteBuffer input) {
        if (receiving || delivery.isCalling()) {
            throw new IllegalStateException(
                    "receive was called inside a call of receive or of the listener: pass these bytes afterwards");
        }
        int start = input.position();
        process(input);
        bytes += input.position() - start;
    }

    /** Processes the data that an extension has kept back, and then the input. */
    private void process(ByteBuffer input) {
        receiving = true;
        stalled = false;
        ByteOrder order = input.order();
        try {
            while (handshake.reads() && canContinue() && decoder.decode(input, first)) {
                // one piece per turn, because each piece may change the conditions above
            }
        } catch (ProtocolException violation) {
            handshake.fail(violation);
        } catch (Throwable broken) { // an exception of an extension; exceptions of the listener are caught earlier
            handshake.failInternally(broken);
        } finally {
            receiving = false;
            input.order(order);
        }
        if (!handshake.reads()) {
            input.position(input.limit());
            release();
        }
        stalled = !wantsMore();
    }

    private boolean canContinue() {
        if (first.isReady()) {
            return true;
        }
        first.resume();
        return handshake.reads() && first.isReady();
    }

    /**
     * Whether more bytes may come: no data is kept back and the application is ready, or this end ignores all input.
     */
    boolean wantsMore() {
        return first.isReady() || !handshake.reads();
    }

    /** Continues if processing has stopped and the application is ready again. */
    void resumeIfWanted() {
        if (!stalled || handshake.isEnded() || delivery.isCalling()) {
            return; // a running call of the listener calls this method again after it returns
        }
        process(ByteBuffer.allocate(0));
        if (!stalled) {
            connection().resumeWire();
        }
    }

    /** Drops an incomplete message and lets the extensions be closed, but not from inside an extension. */
    void release() {
        if (receiving) {
            return;
        }
        assembler.release();
        connection().outbound().closeExtensions(delivery::error);
    }

    @Override
    public boolean hasRoom(int joined) {
        return delivery.hasRoom(joined);
    }

    @Override
    public void onMessage(MessageType type, ByteBuffer payload, boolean last) {
        if (!handshake.reads()) {
            return;
        }
        messages += last ? 1 : 0;
        if (delivery.isReady()) {
            delivery.deliver(type, payload, last);
            delivery.next();
        } else {
            delivery.hold(type, payload, last);
        }
    }

    @Override
    public void onControl(Opcode opcode, ByteBuffer payload) {
        if (!handshake.reads()) {
            return;
        }
        switch (opcode) {
            case CLOSE -> handshake.peerClosed(ClosePayload.decode(payload));
            case PING -> onPing(payload);
            default -> onPong(payload);
        }
    }

    /** A fragment is empty behind the extensions. If it was empty in front of them too, it has been counted there. */
    @Override
    public void onEmptyFragment() {
        if (!(first instanceof FrontStage front && front.isEmptyFragment())) {
            countEmptyFragment();
        }
    }

    private void countEmptyFragment() {
        takeToken(LimitViolation.TOO_MANY_EMPTY_FRAGMENTS);
    }

    /** Takes a token for a frame without content, because a length limit does not bound the number of these frames. */
    private void takeToken(LimitViolation otherwise) {
        long now = connection().nanoTime();
        if (bucket == null) {
            Liveness liveness = connection().liveness();
            bucket = new ControlBucket(liveness.options(), now == Wire.NO_CLOCK ? liveness.lastTick() : now);
        }
        if (!bucket.take(now)) {
            throw otherwise.toException();
        }
    }

    private void onPing(ByteBuffer payload) {
        takeToken(LimitViolation.TOO_MANY_CONTROL_FRAMES);
        int start = payload.position();
        if (handshake.sends()) {
            connection().outbound().pong(payload);
        }
        delivery.ping(payload.position(start));
    }

    private void onPong(ByteBuffer payload) {
        Pings pings = connection().outbound().knownPings();
        boolean answer = false;
        if (pings != null && pings.takesPong()) {
            pings.answered(payload, connection().nanoTime());
            answer = true;
        } else {
            takeToken(LimitViolation.TOO_MANY_CONTROL_FRAMES);
        }
        if (!answer || !payload.equals(ByteBuffer.wrap(KEEPALIVE))) {
            delivery.pong(payload);
        }
    }

    // The state that the deadlines depend on

    @Override
    public long backlog() {
        return connection().outbound().backlog();
    }

    @Override
    public long left() {
        return connection().outbound().leftOnWire();
    }

    @Override
    public long messages() {
        return messages + connection().outbound().messages();
    }

    @Override
    public long ended() {
        return first instanceof FrontStage front ? front.messages() : messages;
    }

    @Override
    public long joined() {
        return first instanceof FrontStage front && !delivery.streams() ? front.joined() : assembler.joined();
    }

    @Override
    public boolean isStalled() {
        return stalled;
    }

    @Override
    public void refill(long nowNanos) {
        if (bucket != null) {
            bucket.refill(nowNanos);
        }
    }

    @Override
    public long nextRefill() {
        return bucket == null ? Long.MAX_VALUE : bucket.nextRefill();
    }

    /** How many messages the application has received so far, or will receive. */
    long received() {
        return messages;
    }

    /** How many bytes have arrived so far. */
    long bytes() {
        return bytes;
    }
}
