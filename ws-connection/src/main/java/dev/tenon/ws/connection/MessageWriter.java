package dev.tenon.ws.connection;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tenon.ws.frame.FrameHandler;
import dev.tenon.ws.frame.FrameHeader;
import dev.tenon.ws.frame.FrameRules;
import dev.tenon.ws.frame.Opcode;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The outbound beginning of the stream: makes frames of messages, pieces of messages and control payloads. */
final class MessageWriter {
    private final FrameHandler outbound;
    /** The type of the message that was begun in pieces, or null between messages. */
    private @Nullable MessageType begun;

    MessageWriter(FrameHandler outbound) {
        this.outbound = outbound;
    }

    void message(MessageType type, ByteBuffer payload) {
        requireBetweenMessages();
        outbound.onFrame(FrameHeader.of(true, type.opcode()), payload, true);
    }

    void requireBetweenMessages() {
        if (begun != null) {
            throw new IllegalStateException("a message is under way: send its last piece first");
        }
    }

    void piece(MessageType type, ByteBuffer payload, boolean last) {
        if (begun != null && begun != type) {
            throw new IllegalStateException("the message under way is " + begun + ", not " + type);
        }
        Opcode opcode = begun == null ? type.opcode() : Opcode.CONTINUATION;
        begun = last ? null : type;
        outbound.onFrame(FrameHeader.of(last, opcode), payload, true);
    }

    void control(Opcode opcode, ByteBuffer payload) {
        outbound.onFrame(FrameHeader.of(true, opcode), payload, true);
    }

    static void requireControlPayload(ByteBuffer payload) {
        if (payload.remaining() > FrameRules.MAX_CONTROL_PAYLOAD) {
            throw new IllegalArgumentException("a control frame holds at most 125 bytes, not " + payload.remaining());
        }
    }

    /** Text as UTF-8; refuses what has no UTF-8. */
    static ByteBuffer encode(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                i = requirePair(text, i);
            }
        }
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    private static int requirePair(String text, int at) {
        if (!Character.isSupplementaryCodePoint(text.codePointAt(at))) {
            throw new IllegalArgumentException("the text holds a lone surrogate at index " + at);
        }
        return at + 1;
    }
}
