package dev.tenon.ws.connection;

import java.nio.ByteBuffer;

/** The result of {@link Inbox#receive}: a message, or, after the last message, the end of the connection. */
public sealed interface Incoming {
    /**
     * A whole text message has arrived.
     *
     * @param text the message
     */
    record Text(String text) implements Incoming {}

    /**
     * A whole binary message has arrived.
     *
     * @param data the message, from position to limit; the receiver owns this buffer
     */
    record Binary(ByteBuffer data) implements Incoming {}

    /**
     * The connection has ended; no message follows.
     *
     * @param event how it ended
     */
    record End(CloseEvent event) implements Incoming {}
}
