package dev.tenon.ws.connection;

import dev.tenon.ws.frame.Opcode;
import java.nio.ByteBuffer;

/**
 * Takes the messages and control frames that a {@link MessageAssembler} makes of frames. Called by one thread at a time, in
 * the order of the frames. Every buffer is borrowed until the call returns.
 *
 * <p>Call grammar, for an assembler that streams: {@code (onMessage(last = false)* onMessage(last = true))*}, with {@code
 * onControl} at any place between these calls. An assembler that joins calls {@code onMessage} once for each message.
 */
public interface MessageHandler {
    /**
     * A message, or a piece of one if the assembler streams. A piece of text may end inside a code point.
     *
     * @param type the type of the message
     * @param payload the whole message or the piece, from position to limit
     * @param last whether it ends the message; always true if the assembler joins
     */
    void onMessage(MessageType type, ByteBuffer payload, boolean last);

    /**
     * A whole control frame.
     *
     * @param opcode {@link Opcode#CLOSE}, {@link Opcode#PING} or {@link Opcode#PONG}
     * @param payload at most 125 bytes, from position to limit; that of a Close frame is for {@link
     *     dev.tenon.ws.frame.ClosePayload#decode}
     */
    void onControl(Opcode opcode, ByteBuffer payload);

    /**
     * An empty frame within a message, which adds nothing to it. No limit on lengths bounds their number: a receiver of
     * untrusted peers counts them. Does nothing by default.
     */
    default void onEmptyFragment() {}

    /**
     * Whether more may come: what {@link MessageAssembler#isReady} says.
     *
     * @param joined how many bytes are held of the message that is being joined
     * @return true by default
     */
    default boolean hasRoom(int joined) {
        return true;
    }
}
