package dev.tenon.ws.connection;

import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.FrameHandler;
import dev.tenon.ws.frame.FrameRules;
import dev.tenon.ws.frame.FrameViolation;
import dev.tenon.ws.frame.MessageViolation;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.ProtocolException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Assembles the pieces of frames from a {@link dev.tenon.ws.frame.FrameDecoder} into messages and whole control frames.
 * It checks the rules of RFC 6455 §5.4-§5.6: the order of fragments, UTF-8 and the length of a message. A message that
 * arrives in one piece is passed on without a copy; a message in several pieces is joined. Each {@link Connection} has
 * its own assembler. Use one without a connection to inspect, replay or test bytes.
 *
 * <pre>{@code
 * FrameDecoder decoder = new FrameDecoder(FrameRules.receivedBy(Role.SERVER));
 * MessageAssembler messages = MessageAssembler.joining(handler, 1 << 20);
 * while (decoder.decode(input, messages)) {
 *     // at most one piece a turn
 * }
 * }</pre>
 *
 * <p>Not thread-safe. It holds at most one message, up to the limit, and one control frame. After a {@link
 * ProtocolException} it must not be used again.
 */
public final class MessageAssembler implements FrameHandler {
    private final MessageHandler handler;
    private final boolean streams;
    /** Whether this class validates whole texts; if not, their decoder does. */
    private final boolean validates;

    private final long maxLength;

    /** The type of the current message, or null between messages. */
    private @Nullable MessageType type;
    /** Whether the first frame of the current message has ended, so that only continuations may follow. */
    private boolean continued;
    /** Whether more pieces of the current frame follow. */
    private boolean midFrame;

    private long length;
    private @Nullable ByteAccumulator joined;
    private @Nullable Utf8Validator utf8;
    private @Nullable ByteAccumulator control;

    private MessageAssembler(MessageHandler handler, boolean streams, boolean validates, long maxLength) {
        this.handler = handler;
        this.streams = streams;
        this.validates = validates;
        this.maxLength = maxLength;
    }

    /**
     * Creates an assembler that passes on whole messages. Their text is valid UTF-8.
     *
     * @param handler receives messages and control frames
     * @param maxLength the longest message, in bytes, 0 or more; a longer message fails with 1009 before more of it is
     *     stored
     * @return an assembler at the start of a stream
     * @throws IllegalArgumentException if the limit is negative
     */
    public static MessageAssembler joining(MessageHandler handler, long maxLength) {
        return new MessageAssembler(handler, false, true, requireLimit(maxLength));
    }

    /**
     * Creates an assembler that passes on the pieces of messages as they arrive, and stores none. It checks text piece
     * by piece and fails at the first byte that cannot be UTF-8.
     *
     * @param handler receives pieces and control frames
     * @param maxLength the longest message, in bytes, 0 or more
     * @return an assembler at the start of a stream
     * @throws IllegalArgumentException if the limit is negative
     */
    public static MessageAssembler streaming(MessageHandler handler, long maxLength) {
        return new MessageAssembler(handler, true, true, requireLimit(maxLength));
    }

    /** Creates an assembler for a handler that decodes whole texts and checks their UTF-8 itself. */
    static MessageAssembler decoding(MessageHandler handler, boolean streams, long maxLength) {
        return new MessageAssembler(handler, streams, streams, maxLength);
    }

    private static long requireLimit(long maxLength) {
        if (maxLength < 0) {
            throw new IllegalArgumentException("a limit is not negative: " + maxLength);
        }
        return maxLength;
    }

    /**
     * Returns whether the next piece may come.
     *
     * @return the answer of the handler
     */
    @Override
    public boolean isReady() {
        return handler.hasRoom(joined == null ? 0 : joined.length());
    }

    /**
     * Processes a piece of a frame.
     *
     * @param firstByte the first byte of the frame
     * @param payload the piece, unmasked
     * @param endOfFrame whether it is the last piece of the frame
     * @throws ProtocolException 1002 for fragments out of order, 1007 for text that is not UTF-8, 1009 for a message that
     *     is too long
     */
    @Override
    public void onFrame(FirstByte firstByte, ByteBuffer payload, boolean endOfFrame) {
        Opcode opcode = firstByte.opcode();
        if ((opcode != Opcode.TEXT && opcode != Opcode.BINARY) || type != null || !endOfFrame || !firstByte.fin()) {
            onPart(firstByte, payload, endOfFrame);
            return;
        }
        // Most messages are one frame in one piece; they need no state.
        if (payload.remaining() > maxLength) {
            throw tooLong(MessageType.of(opcode), payload, maxLength);
        }
        MessageType whole = MessageType.of(opcode);
        if (validates) {
            validate(whole, payload, true);
        }
        handler.onMessage(whole, payload, true);
    }

    private void onPart(FirstByte firstByte, ByteBuffer payload, boolean endOfFrame) {
        switch (firstByte.opcode()) {
            case TEXT, BINARY -> onFirstFrame(firstByte, payload, endOfFrame);
            case CONTINUATION -> onContinuation(firstByte, payload, endOfFrame);
            case CLOSE, PING, PONG -> onControlFrame(firstByte.opcode(), payload, endOfFrame);
            default -> throw FrameViolation.OPCODE_NOT_NEGOTIATED.toException(); // no extension has consumed it
        }
    }

    private void onFirstFrame(FirstByte firstByte, ByteBuffer payload, boolean endOfFrame) {
        if (type == null) {
            type = MessageType.of(firstByte.opcode());
        } else if (continued) {
            throw MessageViolation.MESSAGE_WITHIN_MESSAGE.toException();
        }
        onData(firstByte, payload, endOfFrame);
    }

    private void onContinuation(FirstByte firstByte, ByteBuffer payload, boolean endOfFrame) {
        if (type == null || !continued) {
            throw MessageViolation.CONTINUATION_WITHOUT_MESSAGE.toException();
        }
        onData(firstByte, payload, endOfFrame);
    }

    private void onData(FirstByte firstByte, ByteBuffer payload, boolean endOfFrame) {
        MessageType type = Objects.requireNonNull(this.type);
        if (!midFrame && continued && !firstByte.fin() && endOfFrame && !payload.hasRemaining()) {
            handler.onEmptyFragment();
        }
        midFrame = !endOfFrame;
        continued |= endOfFrame;
        length += payload.remaining();
        if (length > maxLength) {
            throw tooLong(type, payload, payload.remaining() - (length - maxLength));
        }
        boolean last = endOfFrame && firstByte.fin();
        if (streams) {
            validate(type, payload, last);
            ended(last);
            if (payload.hasRemaining() || last) {
                handler.onMessage(type, payload, last);
            }
        } else {
            join(type, payload, last);
        }
    }

    /** Validates the part within the limit first, so that the earlier one of two errors is reported. */
    private ProtocolException tooLong(MessageType type, ByteBuffer payload, long within) {
        validate(type, payload.limit(payload.position() + (int) within), false);
        return MessageViolation.MESSAGE_TOO_LONG.toException();
    }

    private void join(MessageType type, ByteBuffer payload, boolean last) {
        boolean whole = joined == null && last;
        if (validates || !whole) {
            validate(type, payload, last);
        }
        if (whole) {
            ended(true);
            handler.onMessage(type, payload, true);
            return;
        }
        if (joined == null) {
            joined = new ByteAccumulator();
        }
        joined.append(payload);
        if (last) {
            ByteBuffer message = joined.view();
            joined = null;
            ended(true);
            handler.onMessage(type, message, true);
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
            handler.onControl(opcode, payload);
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
            handler.onControl(opcode, whole);
        }
    }

    /** Drops the stored bytes of an incomplete message. */
    void release() {
        joined = null;
        control = null;
        utf8 = null;
    }

    /** Returns how many bytes of a message in assembly have arrived; negative if no message is in assembly. */
    long joined() {
        return type == null || streams ? -1 : length;
    }
}
