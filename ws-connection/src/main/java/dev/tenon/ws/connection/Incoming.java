package dev.tenon.ws.connection;

import java.nio.ByteBuffer;

/** What an {@link Inbox} gives: a message, or, behind the last one, the end of the connection. */
public sealed interface Incoming {
    /**
     * A whole text message.
     *
     * @param text the message
     */
    record Text(String text) implements Incoming {}

    /**
     * A whole binary message.
     *
     * @param data the message, from position to limit; nobody else has this buffer
     */
    record Binary(ByteBuffer data) implements Incoming {}

    /**
     * The connection is over: nothing follows.
     *
     * @param event how it ended
     */
    record End(CloseEvent event) implements Incoming {}
}
