package dev.tenon.ws.connection;

import dev.tenon.ws.frame.Opcode;
import java.nio.ByteBuffer;

/**
 * Receives the messages and control frames of a {@link MessageAssembler}. Called by one thread at a time, in the order
 * of the frames. The handler borrows every buffer until the call returns.
 *
 * <p>Call grammar, for an assembler that streams: {@code (onMessage(last = false)* onMessage(last = true))*}, with {@code
 * onControl} at any place between these calls. An assembler that joins calls {@code onMessage} once for each message.
 */
public interface MessageHandler {
    /**
     * A message has arrived, or a piece of one if the assembler streams. A piece of text may end inside a code point.
     *
     * @param type the type of the message
     * @param payload the whole message or the piece, from position to limit
     * @param last whether this call ends the message; always true if the assembler joins
     */
    void onMessage(MessageType type, ByteBuffer payload, boolean last);

    /**
     * A whole control frame has arrived.
     *
     * @param opcode {@link Opcode#CLOSE}, {@link Opcode#PING} or {@link Opcode#PONG}
     * @param payload at most 125 bytes, from position to limit; {@link dev.tenon.ws.frame.ClosePayload#decode} decodes
     *     the payload of a Close frame
     */
    void onControl(Opcode opcode, ByteBuffer payload);

    /**
     * An empty fragment within a message has arrived. The length limit does not bound the number of empty fragments, so
     * a receiver with untrusted peers has to count them. The default implementation does nothing.
     */
    default void onEmptyFragment() {}

    /**
     * Returns whether more bytes may come. {@link MessageAssembler#isReady} returns this value.
     *
     * @param joined the number of stored bytes of the message in assembly
     * @return true by default
     */
    default boolean hasRoom(int joined) {
        return true;
    }
}
