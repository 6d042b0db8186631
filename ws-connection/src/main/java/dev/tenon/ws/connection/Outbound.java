package dev.tenon.ws.connection;

import dev.tenon.ws.extension.OutboundHandler;
import dev.tenon.ws.extension.SendMode;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.FrameEncoder;
import dev.tenon.ws.frame.FrameRules;
import dev.tenon.ws.frame.Opcode;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The sending half: makes frames of messages, pieces of messages and control payloads, and takes or refuses them by how
 * much waits already. For the connection's own thread only.
 */
final class Outbound extends Backlog {
    private static final VarHandle BEGUN = FieldHandle.of(MethodHandles.lookup(), "begun", MessageType.class);

    private final ExtensionChain extensions;
    /** The writer itself where there is no extension. */
    private final OutboundHandler first;

    /** The type of the message that was begun in pieces, or null between messages. */
    private @Nullable MessageType begun;
    /** What its first piece asks of the extensions. */
    private SendMode begunMode = SendMode.DEFAULT;

    private long messages;
    private @Nullable Pings pings;

    Outbound(
            ExtensionChain extensions,
            FrameEncoder encoder,
            Wire wire,
            ConnectionOptions options,
            CloseHandshake handshake) {
        super(handshake, options, wire, new FrameWriter(encoder, wire, options, extensions.fragmentsAtEnd()));
        this.extensions = extensions;
        boolean cutsBefore = extensions.fragments() && !extensions.fragmentsAtEnd();
        this.first = extensions.outbound(last, cutsBefore ? last.addFragments() : null);
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

    /** Whether a piece of a type continues the message under way, as any thread sees it. */
    boolean isContinuedBy(MessageType type) {
        return BEGUN.getOpaque(this) == type;
    }

    /** Sends a whole message; only between messages. */
    SendResult message(MessageType type, ByteBuffer payload, SendMode mode) {
        SendResult result = frame(FirstByte.of(true, type.opcode()), payload, mode);
        if (result != SendResult.REFUSED) {
            messages++;
        }
        return result;
    }

    /** Sends a piece of a message; only if pieces of its type can be sent. */
    SendResult piece(MessageType type, ByteBuffer piece, boolean last, SendMode mode) {
        SendMode asked = begun == null ? mode : begunMode;
        FirstByte firstByte = FirstByte.of(last, begun == null ? type.opcode() : Opcode.CONTINUATION);
        SendResult result = frame(firstByte, piece, asked);
        if (result != SendResult.REFUSED) {
            begun = last ? null : type;
            begunMode = asked;
            messages += last ? 1 : 0;
        }
        return result;
    }

    /** Sends a message that was prepared; only between messages. */
    SendResult prepared(PreparedMessage message) {
        if (!handshake.sends()) {
            return SendResult.REFUSED;
        }
        try {
            SharedFrame[] frames = sharesFrames() ? message.framesFor(extensions) : null;
            if (frames == null) {
                return message(message.type(), message.payload(), message.mode());
            }
            if (refuses(SharedFrame.length(frames))) {
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

    /** A client masks each frame for itself; and frames do not overtake what has not passed the extensions yet. */
    private boolean sharesFrames() {
        FragmentQueue queue = last.fragments();
        return !last.masks() && (queue == null || queue.isEmpty() || extensions.fragmentsAtEnd());
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
        return frame(FirstByte.of(true, opcode), payload, SendMode.DEFAULT);
    }

    static void requireControlPayload(ByteBuffer payload) {
        if (payload.remaining() > FrameRules.MAX_CONTROL_PAYLOAD) {
            throw new IllegalArgumentException("a control frame holds at most 125 bytes, not " + payload.remaining());
        }
    }

    /** Sends a frame of the application's; the payload is used up unless it is refused. */
    private SendResult frame(FirstByte firstByte, ByteBuffer payload, SendMode mode) {
        int length = payload.remaining();
        if (!handshake.sends() || refuses(length)) {
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

    /** Stages of extensions may work in place, but not in what the application has only lent. */
    private ByteBuffer lent(ByteBuffer payload) {
        return first == last ? payload : payload.asReadOnlyBuffer();
    }

    @Override
    void proceed() {
        if (pings == null && last.fragments() == null) {
            return;
        }
        try {
            ByteBuffer pong = pings == null || isFull() ? null : pings.takePending();
            if (pong != null && handshake.sends()) {
                writeOrTear(Opcode.PONG, pong);
            }
            last.proceed();
        } catch (Throwable thrown) {
            handshake.torn(thrown);
        }
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

    private void writeOrTear(Opcode control, ByteBuffer payload) {
        first.onFrame(FirstByte.of(true, control), lent(payload), true, SendMode.DEFAULT);
    }

    /** Own pings, and pongs that wait; made when there is the first one. */
    private Pings pings() {
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
        if (isFull()) {
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

    /** Closes the extensions once; returns what they have thrown, if they have. */
    @Nullable
    Throwable closeExtensions() {
        return extensions.close();
    }

    @Override
    void release(@Nullable Throwable cause) {
        super.release(cause);
        if (pings != null) {
            pings.takePending();
        }
    }
}
