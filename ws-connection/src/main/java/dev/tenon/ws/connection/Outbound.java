package dev.tenon.ws.connection;

import dev.tenon.ws.extension.OutboundHandler;
import dev.tenon.ws.extension.SendMode;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.FrameEncoder;
import dev.tenon.ws.frame.FrameRules;
import dev.tenon.ws.frame.Opcode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The sending half: makes frames of messages, pieces of messages and control payloads, takes or refuses them by how
 * much waits already, and says when there is room again. For the connection's own thread only.
 */
final class Outbound {
    private final ExtensionChain extensions;
    private final OutboundHandler first;
    private final FrameWriter last;
    private final Wire wire;
    private final ConnectionOptions options;
    private final CloseHandshake handshake;
    /** Where fragments wait, so that control frames leave between them; null unless frames have a longest length. */
    private final @Nullable FragmentQueue fragments;

    /** The type of the message that was begun in pieces, or null between messages. */
    private @Nullable MessageType begun;
    /** What its first piece asks of the extensions. */
    private SendMode begunMode = SendMode.DEFAULT;
    /** Whether what is sent now was taken before, so that the limit does not refuse it. */
    private boolean unlimited;

    private boolean congested;
    private long messages;
    private @Nullable SentQueue awaited;
    private @Nullable Pings pings;

    Outbound(
            ExtensionChain extensions,
            FrameEncoder encoder,
            Wire wire,
            ConnectionOptions options,
            CloseHandshake handshake) {
        this.last = new FrameWriter(encoder, wire);
        this.extensions = extensions;
        this.fragments = extensions.fragments() ? new FragmentQueue(wire, options.highWaterMark()) : null;
        this.first = extensions.outbound(last, fragments);
        this.wire = wire;
        this.options = options;
        this.handshake = handshake;
    }

    // Messages

    /** Whether a message was begun in pieces, behind whose last one others have to wait. */
    boolean isMidMessage() {
        return begun != null;
    }

    /** Whether a piece of a type can be sent now: it continues the message under way, or begins one. */
    boolean takesPiece(MessageType type) {
        return begun == null || begun == type;
    }

    /** Sends a whole message; only between messages. */
    SendResult message(MessageType type, ByteBuffer payload, SendMode mode) {
        SendResult result = data(FirstByte.of(true, type.opcode()), payload, mode);
        if (result != SendResult.REFUSED) {
            messages++;
        }
        return result;
    }

    /** Sends a piece of a message; only if pieces of its type can be sent. */
    SendResult piece(MessageType type, ByteBuffer piece, boolean last, SendMode mode) {
        SendMode asked = begun == null ? mode : begunMode;
        FirstByte firstByte = FirstByte.of(last, begun == null ? type.opcode() : Opcode.CONTINUATION);
        SendResult result = data(firstByte, piece, asked);
        if (result != SendResult.REFUSED) {
            begun = last ? null : type;
            begunMode = asked;
            messages += last ? 1 : 0;
        }
        return result;
    }

    /** Sends a message that was prepared; only between messages. */
    SendResult prepared(PreparedMessage message) {
        if (last.masks() || (fragments != null && !fragments.passes(message.payload()))) {
            return message(message.type(), message.payload(), message.mode());
        }
        if (!handshake.sends()) {
            return SendResult.REFUSED;
        }
        try {
            SharedFrame frames = first == last ? message.unmaskedFrame() : message.framesFor(extensions);
            if (frames == null) {
                return message(message.type(), message.payload(), message.mode());
            }
            if (refuses(frames.length())) {
                return SendResult.REFUSED;
            }
            extensions.forgetOutbound();
            last.writeEncoded(frames);
        } catch (Throwable thrown) {
            handshake.torn(thrown);
            return SendResult.REFUSED;
        }
        messages++;
        return taken();
    }

    SendResult ping(ByteBuffer payload) {
        ByteBuffer content = payload.duplicate();
        SendResult result = control(Opcode.PING, payload);
        if (result != SendResult.REFUSED) {
            byte[] copy = new byte[content.remaining()];
            content.get(copy);
            pings().sent(copy, wire.nanoTime());
        }
        return result;
    }

    SendResult control(Opcode opcode, ByteBuffer payload) {
        requireControlPayload(payload);
        return data(FirstByte.of(true, opcode), payload, SendMode.DEFAULT);
    }

    static void requireControlPayload(ByteBuffer payload) {
        if (payload.remaining() > FrameRules.MAX_CONTROL_PAYLOAD) {
            throw new IllegalArgumentException("a control frame holds at most 125 bytes, not " + payload.remaining());
        }
    }

    /** The payload is used up unless it is refused. */
    private SendResult data(FirstByte firstByte, ByteBuffer payload, SendMode mode) {
        if (!handshake.sends() || refuses(payload.remaining())) {
            return SendResult.REFUSED;
        }
        try {
            first.onFrame(firstByte, lent(payload), true, mode);
        } catch (Throwable thrown) {
            handshake.torn(thrown);
            return SendResult.REFUSED;
        }
        payload.position(payload.limit());
        return taken();
    }

    /** Stages may work in place, but not in what the application has only lent. */
    private ByteBuffer lent(ByteBuffer payload) {
        return first == last ? payload : payload.asReadOnlyBuffer();
    }

    // How much waits

    /** Bytes that wait because the peer is slower. */
    long backlog() {
        long backlog = wire.backlog();
        return fragments == null ? backlog : backlog + fragments.bytes();
    }

    private boolean refuses(int length) {
        long backlog = backlog();
        boolean full = backlog > 0 && backlog + length > options.outboundLimit() && !unlimited;
        congested |= full;
        return full;
    }

    private SendResult taken() {
        if (backlog() > options.highWaterMark()) {
            congested = true;
            return SendResult.CONGESTED;
        }
        return SendResult.QUEUED;
    }

    /** From here on, the limit refuses nothing, or does so again. */
    void unlimited(boolean unlimited) {
        this.unlimited = unlimited;
    }

    /** The application waits for room. */
    void requireWritable() {
        congested = true;
    }

    /** Completes as soon as nothing waits any more; fails if the connection has ended. */
    void whenWritable(CompletableFuture<@Nullable Void> room) {
        if (handshake.isEnded()) {
            room.completeExceptionally(new IOException("the connection has ended"));
        } else if (backlog() == 0) {
            room.complete(null);
        } else {
            awaited().addForRoom(room);
        }
    }

    /** Nothing waits on the wire any more; returns whether the application has to be told. */
    boolean drained(boolean open) {
        proceed(open);
        if (backlog() > 0) {
            return false;
        }
        if (awaited != null) {
            awaited.room();
        }
        boolean told = congested;
        congested = false;
        return told;
    }

    // What has left

    /** Completes when all that was sent so far has left. */
    CompletionStage<@Nullable Void> whenSent() {
        if (!last.unflushed() && backlog() == 0) {
            return CompletableFuture.completedStage(null);
        }
        CompletableFuture<@Nullable Void> sent = new CompletableFuture<>();
        whenSent(sent);
        return sent.minimalCompletionStage();
    }

    /** Completes a future when all that was sent so far has left. */
    void whenSent(CompletableFuture<@Nullable Void> sent) {
        if (!last.unflushed() && backlog() == 0) {
            sent.complete(null);
            return;
        }
        if (handshake.isEnded()) {
            sent.completeExceptionally(new IOException("the connection has ended"));
            return;
        }
        SentQueue queue = awaited();
        if (fragments != null && !fragments.isEmpty()) {
            fragments.whenPassed(() -> queue.add(last.written(), sent), sent);
        } else {
            queue.add(last.written(), sent);
        }
    }

    private SentQueue awaited() {
        if (awaited == null) {
            awaited = new SentQueue();
        }
        return awaited;
    }

    /** Whether somebody waits to learn that what was written has left. */
    boolean isAwaited() {
        return awaited != null && !awaited.isEmpty();
    }

    /** All that was written has been tried: what waits now is all that has not left. */
    void flushed(boolean open) {
        last.flushed();
        if (awaited != null) {
            awaited.left(last.written() - wire.backlog());
        }
        if (pings != null || fragments != null) {
            proceed(open);
        }
    }

    /** Sends what was put off while too much waited: a pong first, then fragments. */
    private void proceed(boolean open) {
        try {
            ByteBuffer pong = pings == null || wire.backlog() > options.highWaterMark() ? null : pings.takePending();
            if (pong != null && open) {
                writeOrTear(Opcode.PONG, pong);
            }
            if (fragments != null) {
                fragments.proceed();
            }
        } catch (Throwable thrown) {
            handshake.torn(thrown);
        }
    }

    private void writeOrTear(Opcode control, ByteBuffer payload) {
        first.onFrame(FirstByte.of(true, control), lent(payload), true, SendMode.DEFAULT);
    }

    /** How many bytes the peer's side of the wire has taken so far. */
    long left() {
        return last.written() - wire.backlog();
    }

    long written() {
        return last.written();
    }

    long messages() {
        return messages;
    }

    // Control frames of the connection's own

    /**
     * Writes a control frame, whatever waits already.
     *
     * @return false if an extension or the wire has thrown: what was written may be torn, and nothing can follow it
     */
    boolean write(Opcode control, ByteBuffer payload) {
        try {
            writeOrTear(control, payload);
            return true;
        } catch (Throwable thrown) {
            handshake.torn(thrown);
            return false;
        }
    }

    /** Own pings, and pongs that wait; made when there is the first one. */
    Pings pings() {
        if (pings == null) {
            pings = new Pings();
        }
        return pings;
    }

    /** The same, or null if there never was one. */
    @Nullable
    Pings knownPings() {
        return pings;
    }

    /** Answers a ping: at once, or, while too much waits, as the newest of those that wait (RFC 6455 §5.5.3). */
    void pong(ByteBuffer payload) {
        if (wire.backlog() > options.highWaterMark()) {
            pings().postpone(payload);
        } else {
            if (pings != null) {
                pings.takePending();
            }
            write(Opcode.PONG, payload);
        }
    }

    /** A one-way heartbeat (RFC 6455 §5.5.3), unless bytes wait anyway. */
    void heartbeat() {
        if (wire.backlog() == 0) {
            write(Opcode.PONG, ByteBuffer.allocate(0));
        }
    }

    /** Asks whether the peer is there; the payload is not changed by anybody. */
    void keepalive(byte[] payload) {
        if (write(Opcode.PING, ByteBuffer.wrap(payload))) {
            pings().sent(payload, wire.nanoTime());
        }
    }

    // The end

    /** Has the wire close once all that was written has left. */
    void finish() {
        if (fragments == null || !fragments.holdsBack(wire::finish)) {
            wire.finish();
        }
    }

    /** Has the wire end its output once all that was written has left. */
    void shutdownOutput() {
        if (fragments == null || !fragments.holdsBack(wire::shutdownOutput)) {
            wire.shutdownOutput();
        }
    }

    /** Closes the extensions once; returns what they have thrown, if they have. */
    @Nullable
    Throwable closeExtensions() {
        return extensions.close();
    }

    /** The connection is over: what has not left never will. */
    void release(@Nullable Throwable cause) {
        last.release();
        IOException lost = new IOException("the connection has ended", cause);
        if (fragments != null) {
            fragments.release(lost);
        }
        if (pings != null) {
            pings.takePending();
        }
        SentQueue never = awaited;
        awaited = null;
        if (never != null) {
            never.fail(lost);
        }
    }
}
