package dev.tenon.ws.connection;

import dev.tenon.ws.frame.FrameEncoder;
import dev.tenon.ws.frame.FrameHandler;
import dev.tenon.ws.frame.FrameHeader;
import dev.tenon.ws.frame.FrameRules;
import dev.tenon.ws.frame.Opcode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The sending half: makes frames of messages, pieces of messages and control payloads, takes or refuses them by how
 * much waits already, and says when there is room again. It does not know the closing handshake: who calls it does.
 */
final class Outbound {
    private final ExtensionChain extensions;
    private final FrameHandler first;
    private final FrameWriter last;
    private final Wire wire;
    private final ConnectionOptions options;
    private final Connection connection;
    /** The type of the message that was begun in pieces, or null between messages. */
    private @Nullable MessageType begun;

    /** Whether what is sent now was taken before. */
    private boolean accepted;

    private boolean congested;
    /** How much had left when bytes were last seen to wait. */
    private long slowMark = Long.MAX_VALUE;

    private @Nullable ByteBuffer pendingPong;
    private @Nullable SentQueue awaited;
    private @Nullable RoundTrip roundTrip;

    Outbound(
            ExtensionChain extensions,
            FrameEncoder encoder,
            Wire wire,
            ConnectionOptions options,
            Connection connection) {
        this.last = new FrameWriter(encoder, wire);
        this.extensions = extensions;
        this.first = extensions.outbound(last);
        this.wire = wire;
        this.options = options;
        this.connection = connection;
    }

    SendResult text(String text, SendMode mode) {
        requireBetweenMessages();
        return message(FrameHeader.of(true, Opcode.TEXT), Utf8.encode(text), mode);
    }

    SendResult binary(ByteBuffer data, SendMode mode) {
        requireBetweenMessages();
        return message(FrameHeader.of(true, Opcode.BINARY), data, mode);
    }

    SendResult piece(MessageType type, ByteBuffer piece, boolean last, SendMode mode) {
        if (begun != null && begun != type) {
            throw new IllegalStateException("the message under way is " + begun + ", not " + type);
        }
        FrameHeader header = FrameHeader.of(last, begun == null ? type.opcode() : Opcode.CONTINUATION);
        SendResult result = begun == null && mode == SendMode.AS_IS ? asIs(header, piece) : send(header, piece);
        if (result != SendResult.REFUSED) {
            begun = last ? null : type;
        }
        return result;
    }

    SendResult prepared(PreparedMessage message) {
        requireBetweenMessages();
        if (last.masks()) {
            return message(message.header(), message.payload(), message.mode());
        }
        try {
            byte[] frames = first == last ? message.unmaskedFrame() : message.framesFor(extensions);
            if (frames == null) {
                return message(message.header(), message.payload(), message.mode());
            }
            if (refuses(frames.length)) {
                return SendResult.REFUSED;
            }
            extensions.forgetOutbound();
            last.writeEncoded(frames);
        } catch (Throwable thrown) {
            connection.onTorn(thrown);
            return SendResult.REFUSED;
        }
        return taken();
    }

    SendResult ping(ByteBuffer payload) {
        ByteBuffer content = payload.duplicate();
        SendResult result = control(Opcode.PING, payload);
        if (result != SendResult.REFUSED) {
            byte[] awaited = new byte[content.remaining()];
            content.get(awaited);
            pinged(awaited);
        }
        return result;
    }

    /** Asks whether the peer is there; the payload is not changed by anybody. */
    void keepalive(byte[] payload) {
        if (write(Opcode.PING, ByteBuffer.wrap(payload))) {
            pinged(payload);
        }
    }

    private void pinged(byte[] payload) {
        long now = wire.nanoTime();
        if (now != Wire.NO_CLOCK) {
            if (roundTrip == null) {
                roundTrip = new RoundTrip();
            }
            roundTrip.ping(payload, now);
        }
    }

    /** A pong has come, perhaps for the newest ping; its payload is left as it is. */
    void ponged(ByteBuffer payload) {
        if (roundTrip != null) {
            roundTrip.pong(payload, wire.nanoTime());
        }
    }

    Optional<Duration> roundTrip() {
        return roundTrip == null ? Optional.empty() : roundTrip.newest();
    }

    SendResult control(Opcode opcode, ByteBuffer payload) {
        if (payload.remaining() > FrameRules.MAX_CONTROL_PAYLOAD) {
            throw new IllegalArgumentException("a control frame holds at most 125 bytes, not " + payload.remaining());
        }
        return send(FrameHeader.of(true, opcode), payload);
    }

    private void requireBetweenMessages() {
        if (begun != null) {
            throw new IllegalStateException("a message is under way: send its last piece first");
        }
    }

    private SendResult message(FrameHeader header, ByteBuffer payload, SendMode mode) {
        return mode == SendMode.AS_IS ? asIs(header, payload) : send(header, payload);
    }

    /** Begins a message that the extensions are asked to leave alone; only what is not refused may ask them. */
    private SendResult asIs(FrameHeader header, ByteBuffer payload) {
        if (refuses(payload.remaining()) || !skipNext() || !write(header, payload)) {
            return SendResult.REFUSED;
        }
        return taken();
    }

    private boolean skipNext() {
        try {
            extensions.skipNext();
            return true;
        } catch (Throwable thrown) {
            connection.onTorn(thrown);
            return false;
        }
    }

    private SendResult send(FrameHeader header, ByteBuffer payload) {
        if (refuses(payload.remaining())) {
            return SendResult.REFUSED;
        }
        try {
            first.onFrame(header, lent(payload), true);
            payload.position(payload.limit());
            return taken();
        } catch (Throwable thrown) {
            connection.onTorn(thrown);
            return SendResult.REFUSED;
        }
    }

    private boolean refuses(int length) {
        long backlog = wire.backlog();
        boolean full = backlog > 0 && backlog + length > options.outboundLimit() && !accepted;
        congested |= full;
        return full;
    }

    /** Runs sends that were taken before, so that the limit refuses none of them. */
    void accepted(Runnable sends) {
        accepted = true;
        try {
            sends.run();
        } finally {
            accepted = false;
        }
    }

    /** The application waits for room. */
    void requireWritable() {
        congested = true;
    }

    private SendResult taken() {
        if (wire.backlog() > options.highWaterMark()) {
            congested = true;
            return SendResult.CONGESTED;
        }
        return SendResult.QUEUED;
    }

    /**
     * Writes a frame, whatever waits already.
     *
     * @return false if an extension or the wire has thrown: what was written may be torn, and nothing can follow it
     */
    boolean write(FrameHeader header, ByteBuffer payload) {
        try {
            first.onFrame(header, lent(payload), true);
            payload.position(payload.limit());
            return true;
        } catch (Throwable thrown) {
            connection.onTorn(thrown);
            return false;
        }
    }

    /** Stages may work in place, but not in what the application has only lent. */
    private ByteBuffer lent(ByteBuffer payload) {
        return first == last ? payload : payload.asReadOnlyBuffer();
    }

    boolean write(Opcode control, ByteBuffer payload) {
        return write(FrameHeader.of(true, control), payload);
    }

    /** Answers a ping: at once, or, while too much waits, as the newest of those that wait (RFC 6455 §5.5.3). */
    void pong(ByteBuffer payload) {
        pendingPong = null;
        if (wire.backlog() > options.highWaterMark()) {
            pendingPong = ByteBuffer.allocate(payload.remaining())
                    .put(payload.duplicate())
                    .flip();
        } else {
            write(Opcode.PONG, payload);
        }
    }

    /** Whether a peer that was too slow has taken bytes since this was asked last: so it is alive. */
    boolean progresses() {
        long backlog = wire.backlog();
        long left = last.written() - backlog;
        boolean progress = left > slowMark;
        slowMark = backlog > 0 ? left : Long.MAX_VALUE; // what a socket swallows without waiting proves nothing
        return progress;
    }

    /** A one-way heartbeat (RFC 6455 §5.5.3), unless bytes wait anyway. */
    void heartbeat() {
        if (wire.backlog() == 0) {
            write(Opcode.PONG, ByteBuffer.allocate(0));
        }
    }

    /** Nothing waits any more; returns whether the application has to be told. */
    boolean drained(boolean open) {
        sendPendingPong(open);
        boolean told = congested;
        congested = false;
        return told;
    }

    /** Completes when all that was sent so far has left. */
    CompletionStage<@Nullable Void> whenSent() {
        if (!last.unflushed() && wire.backlog() == 0) {
            return CompletableFuture.completedStage(null);
        }
        if (awaited == null) {
            awaited = new SentQueue();
        }
        CompletableFuture<@Nullable Void> sent = new CompletableFuture<>();
        awaited.add(last.written(), sent);
        return sent.minimalCompletionStage();
    }

    /** All that was written has been tried: what waits now is all that has not left. */
    void flushed(boolean open) {
        last.flushed();
        if (awaited != null) {
            awaited.left(last.written() - wire.backlog());
        }
        if (pendingPong != null && wire.backlog() <= options.highWaterMark()) {
            sendPendingPong(open);
        }
    }

    private void sendPendingPong(boolean open) {
        ByteBuffer pong = pendingPong;
        pendingPong = null;
        if (pong != null && open) {
            write(Opcode.PONG, pong);
        }
    }

    /** The connection is over: what has not left never will. */
    void release(@Nullable Throwable cause) {
        pendingPong = null;
        last.release();
        SentQueue never = awaited;
        awaited = null;
        if (never != null) {
            never.fail(new IOException("the connection has ended", cause));
        }
    }
}
