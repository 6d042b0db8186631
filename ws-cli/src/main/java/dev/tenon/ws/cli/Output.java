package dev.tenon.ws.cli;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.WebSocket;
import java.nio.ByteBuffer;

/** Shows the events of a conversation. Called on the connection's thread and, for notes, on others. */
interface Output {
    /** The connection is open. */
    void opened(WebSocket webSocket, Timings timings);

    /** A text message has arrived. */
    void text(String text);

    /** A binary message has arrived. */
    void binary(ByteBuffer data);

    /** A pong has arrived, with the time since the ping. */
    void pong(String payload, double millis);

    /** The connection has ended. */
    void closed(CloseEvent event);

    /** A line for the user. */
    void note(String line);

    /** Whether the output is closed, so that nothing more can be written to it. */
    boolean isBroken();
}
