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
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The sending half of a connection: encodes messages, pieces and control payloads into frames. It accepts or refuses
 * messages by the number of bytes that wait. For the connection's own thread only.
 */
final class Outbound extends Backlog {
    private static final VarHandle BEGUN = FieldHandle.of(MethodHandles.lookup(), "begun", MessageType.class);

    private final ExtensionChain extensions;
    /** The first outbound stage, which is the writer itself if there is no extension. */
    private final OutboundHandler first;
    /** Whether frames are cut, and wait, in front of an extension. */
    private final boolean cutsBefore;
    /** Whether the extensions are closed when all frames in front of them have passed. */
    private boolean closesExtensions;

    /** The type of the current message in pieces, or null between messages. */
    private @Nullable MessageType begun;
    /** The send mode of its first piece. */
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
        cutsBefore = extensions.fragments() && !extensions.fragmentsAtEnd();
        this.first = extensions.outbound(last, cutsBefore ? last.addFragments() : null);
    }

    // Messages

    /** Whether a message in pieces has begun; other messages have to wait until its last piece has been sent. */
    boolean isMidMessage() {
        return begun != null;
    }

    /** Whether a piece of a type can be sent now, because it continues the current message or begins one. */
    boolean takesPiece(MessageType type) {
        return begun == null || begun == type;
    }

    /** Whether a piece of a type continues the current message, as any thread sees it. */
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
        SendMode frameMode = begun == null ? mode : begunMode;
        FirstByte firstByte = FirstByte.of(last, begun == null ? type.opcode() : Opcode.CONTINUATION);
        SendResult result = frame(firstByte, piece, frameMode);
        if (result != SendResult.REFUSED) {
            begun = last ? null : type;
            begunMode = frameMode;
            messages += last ? 1 : 0;
        }
        return result;
    }

    /** Sends a prepared message; only between messages. */
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
        return accepted();
    }

    /**
     * Whether shared frames can be used. A client cannot, because it masks each frame with its own key. Shared frames
     * also must not overtake frames that have not passed the extensions yet.
     */
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

    /** Sends a frame of the application. The payload is consumed unless the frame is refused. */
    private SendResult frame(FirstByte firstByte, ByteBuffer payload, SendMode mode) {
        int length = payload.remaining();
        if (!handshake.sends() || refuses(length)) {
            return SendResult.REFUSED;
        }
        try {
            first.onFrame(firstByte, readOnlyIfLent(payload), true, mode);
        } catch (Throwable thrown) {
            handshake.torn(thrown);
            return SendResult.REFUSED;
        }
        payload.position(payload.limit());
        return accepted();
    }

    /** Returns a read-only view for extensions, which may otherwise change the payload of the application in place. */
    private ByteBuffer readOnlyIfLent(ByteBuffer payload) {
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

    // Control frames of the connection itself

    /**
     * Writes a control frame, no matter how many bytes wait.
     *
     * @return false if an extension or the wire has thrown; a frame may be incomplete then, and no frame can follow it
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
        first.onFrame(FirstByte.of(true, control), readOnlyIfLent(payload), true, SendMode.DEFAULT);
    }

    /** The pings of this end and the pong that waits; created at the first use. */
    private Pings pings() {
        if (pings == null) {
            pings = new Pings();
        }
        return pings;
    }

    /** The same object, or null if it has not been created. */
    @Nullable
    Pings knownPings() {
        return pings;
    }

    /**
     * Answers a ping at once. While too many bytes wait, only the answer to the newest ping waits (RFC 6455 §5.5.3).
     */
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

    /** Sends an unsolicited pong as a heartbeat (RFC 6455 §5.5.3), unless bytes already wait on the wire. */
    void heartbeat() {
        if (wire.backlog() == 0) {
            write(Opcode.PONG, ByteBuffer.allocate(0));
        }
    }

    /** Sends a keepalive ping. The payload must never change. */
    void keepalive(byte[] payload) {
        if (write(Opcode.PING, ByteBuffer.wrap(payload))) {
            pings().sent(payload, wire.nanoTime());
        }
    }

    // The end

    /** Closes the extensions once, after the frames that wait in front of them, or at once if the connection has ended. */
    void closeExtensions(Consumer<Throwable> failed) {
        FragmentQueue queue = cutsBefore ? last.fragments() : null;
        if (queue == null || queue.isEmpty() || handshake.isEnded()) {
            closeExtensionsNow(failed);
        } else if (!closesExtensions) {
            closesExtensions = queue.holdsBack(() -> closeExtensionsNow(failed));
        }
    }

    private void closeExtensionsNow(Consumer<Throwable> failed) {
        Throwable thrown = extensions.close();
        if (thrown != null) {
            failed.accept(thrown);
        }
    }

    @Override
    void release(@Nullable Throwable cause) {
        super.release(cause);
        if (pings != null) {
            pings.takePending();
        }
    }
}
