package dev.tenon.ws.connection;

import dev.tenon.ws.frame.FrameHandler;
import dev.tenon.ws.frame.FrameHeader;
import dev.tenon.ws.frame.FrameRules;
import dev.tenon.ws.frame.FrameViolation;
import dev.tenon.ws.frame.MessageViolation;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.ProtocolException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The inbound end of the stream: makes messages and whole control frames of frame pieces, and holds the peer to the
 * rules of RFC 6455 §5.4-§5.6. What came in one piece is handed on as it is; only what came in several is joined.
 */
final class MessageAssembler implements FrameHandler {
    /** Takes what was assembled. Payloads are borrowed until the call returns. */
    interface Sink {
        /** A message, or a piece of one if this assembler streams. Text is valid UTF-8 up to here. */
        void onMessage(MessageType type, ByteBuffer payload, boolean last);

        /** An empty frame in the midst of a message, which adds nothing to it. */
        void onEmptyFragment();

        /** A whole control frame of at most 125 bytes. */
        void onControl(Opcode opcode, ByteBuffer payload);

        /** Whether more may come, where the given number of bytes is held of a message that is being joined. */
        boolean hasRoom(int joined);
    }

    private final Sink sink;
    private final boolean streams;
    private final ConnectionOptions options;

    /** The type of the message under way, or null between messages. */
    private @Nullable MessageType type;
    /** Whether the first frame of the message under way has ended: only continuations may follow. */
    private boolean continued;
    /** Whether more pieces of the frame under way are to come. */
    private boolean midFrame;

    private long length;
    private @Nullable ByteAccumulator joined;
    private @Nullable Utf8Validator utf8;
    private @Nullable ByteAccumulator control;

    MessageAssembler(Sink sink, boolean streams, ConnectionOptions options) {
        this.sink = sink;
        this.streams = streams;
        this.options = options;
    }

    @Override
    public boolean isReady() {
        return sink.hasRoom(joined == null ? 0 : joined.length());
    }

    @Override
    public void onFrame(FrameHeader header, ByteBuffer payload, boolean endOfFrame) {
        Opcode opcode = header.opcode();
        if ((opcode != Opcode.TEXT && opcode != Opcode.BINARY) || type != null || !endOfFrame || !header.fin()) {
            onPart(header, payload, endOfFrame);
            return;
        }
        // A message in one frame in one piece, as most are: there is nothing to remember.
        if (payload.remaining() > options.maxMessageLength()) {
            throw tooLong(MessageType.of(opcode), payload, options.maxMessageLength());
        }
        MessageType whole = MessageType.of(opcode);
        if (streams) { // else it is checked where it is decoded
            validate(whole, payload, true);
        }
        sink.onMessage(whole, payload, true);
    }

    private void onPart(FrameHeader header, ByteBuffer payload, boolean endOfFrame) {
        switch (header.opcode()) {
            case TEXT, BINARY -> onFirstFrame(header, payload, endOfFrame);
            case CONTINUATION -> onContinuation(header, payload, endOfFrame);
            case CLOSE, PING, PONG -> onControlFrame(header.opcode(), payload, endOfFrame);
            default -> throw FrameViolation.OPCODE_NOT_NEGOTIATED.toException(); // its extension has not consumed it
        }
    }

    private void onFirstFrame(FrameHeader header, ByteBuffer payload, boolean endOfFrame) {
        if (type == null) {
            type = MessageType.of(header.opcode());
        } else if (continued) {
            throw MessageViolation.MESSAGE_WITHIN_MESSAGE.toException();
        }
        onData(header, payload, endOfFrame);
    }

    private void onContinuation(FrameHeader header, ByteBuffer payload, boolean endOfFrame) {
        if (type == null || !continued) {
            throw MessageViolation.CONTINUATION_WITHOUT_MESSAGE.toException();
        }
        onData(header, payload, endOfFrame);
    }

    private void onData(FrameHeader header, ByteBuffer payload, boolean endOfFrame) {
        MessageType type = Objects.requireNonNull(this.type);
        if (!midFrame && continued && !header.fin() && endOfFrame && !payload.hasRemaining()) {
            sink.onEmptyFragment();
        }
        midFrame = !endOfFrame;
        continued |= endOfFrame;
        length += payload.remaining();
        if (length > options.maxMessageLength()) {
            throw tooLong(type, payload, payload.remaining() - (length - options.maxMessageLength()));
        }
        boolean last = endOfFrame && header.fin();
        if (streams) {
            validate(type, payload, last);
            ended(last);
            if (payload.hasRemaining() || last) {
                sink.onMessage(type, payload, last);
            }
        } else {
            join(type, payload, last);
        }
    }

    /** Looks at the part that is within the limit first: of two faults the one that came first is told. */
    private ProtocolException tooLong(MessageType type, ByteBuffer payload, long within) {
        validate(type, payload.limit(payload.position() + (int) within), false);
        return MessageViolation.MESSAGE_TOO_LONG.toException();
    }

    private void join(MessageType type, ByteBuffer payload, boolean last) {
        if (joined == null && last) {
            ended(true);
            sink.onMessage(type, payload, true); // whole as it came; its text is checked where it is decoded
            return;
        }
        validate(type, payload, last);
        if (joined == null) {
            joined = new ByteAccumulator();
        }
        joined.append(payload);
        if (last) {
            ByteBuffer whole = joined.view();
            joined = null;
            ended(true);
            sink.onMessage(type, whole, true);
        }
    }

    private void ended(boolean last) {
        if (last) {
            type = null;
            continued = false;
            length = 0;
        }
    }

    private void validate(MessageType type, ByteBuffer payload, boolean last) {
        if (type == MessageType.TEXT) {
            if (utf8 == null) {
                utf8 = new Utf8Validator();
            }
            utf8.accept(payload);
            if (last && !utf8.finish()) {
                throw Utf8Validator.malformed();
            }
        }
    }

    private void onControlFrame(Opcode opcode, ByteBuffer payload, boolean endOfFrame) {
        if (control == null && endOfFrame) {
            sink.onControl(opcode, payload);
            return;
        }
        if (control == null) {
            control = new ByteAccumulator();
        }
        control.append(payload);
        if (control.length() > FrameRules.MAX_CONTROL_PAYLOAD) {
            throw FrameViolation.CONTROL_FRAME_TOO_LONG.toException();
        }
        if (endOfFrame) {
            ByteBuffer whole = control.view();
            control = null;
            sink.onControl(opcode, whole);
        }
    }

    /** Drops what a partial message holds. */
    void release() {
        joined = null;
        control = null;
        utf8 = null;
    }

    /** How many bytes of a message that is being joined are here; negative if none is. */
    long joined() {
        return type == null || streams ? -1 : length;
    }
}
