package dev.tenon.ws.client;

import dev.tenon.ws.connection.CloseEvent;
import java.nio.ByteBuffer;

/** What an {@link Inbox} gives: a message, or, behind the last one, the end of the connection. */
public sealed interface Received {
    /**
     * A whole text message.
     *
     * @param text the message
     */
    record Text(String text) implements Received {}

    /**
     * A whole binary message.
     *
     * @param data the message, from position to limit; nobody else has this buffer
     */
    record Binary(ByteBuffer data) implements Received {}

    /**
     * The connection is over: nothing follows.
     *
     * @param event how it ended
     */
    record End(CloseEvent event) implements Received {}
}
