package dev.tenon.ws.connection;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tenon.ws.frame.FrameEncoder;
import dev.tenon.ws.frame.FrameHeader;
import java.nio.ByteBuffer;

/**
 * A message to be sent to many connections: encoded once, kept as a whole frame, so that a server without extensions
 * writes it as it is. A client still masks it for each connection, and an extension still works on it. Immutable and
 * thread-safe.
 */
public final class PreparedMessage {
    private final MessageType type;
    private final byte[] frame;
    private final int length;

    private PreparedMessage(MessageType type, ByteBuffer payload) {
        this.type = type;
        this.length = payload.remaining();
        FrameEncoder encoder = FrameEncoder.unmasked();
        ByteBuffer whole = ByteBuffer.allocate(encoder.headerLength(length) + length);
        encoder.encode(FrameHeader.of(true, type.opcode()), payload, whole);
        this.frame = whole.array();
    }

    /**
     * A text message.
     *
     * @param text well-formed Unicode
     * @return the message
     * @throws IllegalArgumentException if the text holds a lone surrogate
     */
    public static PreparedMessage text(String text) {
        return new PreparedMessage(MessageType.TEXT, Utf8.encode(text));
    }

    /**
     * A binary message.
     *
     * @param data the bytes, from position to limit; copied, used up, not changed
     * @return the message
     */
    public static PreparedMessage binary(ByteBuffer data) {
        return new PreparedMessage(MessageType.BINARY, data);
    }

    /**
     * Text or binary.
     *
     * @return the type
     */
    public MessageType type() {
        return type;
    }

    /**
     * The message without its frame header.
     *
     * @return a new read-only view, from position to limit
     */
    public ByteBuffer payload() {
        return ByteBuffer.wrap(frame, frame.length - length, length).asReadOnlyBuffer();
    }

    /** The message as text, for transports that know no better way. */
    String text() {
        return new String(frame, frame.length - length, length, UTF_8);
    }

    /** The frame as a server sends it; not to be changed. */
    byte[] unmaskedFrame() {
        return frame;
    }
}
