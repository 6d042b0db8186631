package dev.tenon.ws.cli;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.WebSocket;
import java.nio.ByteBuffer;

/** Where a conversation shows what happens. Called on the connection's thread and, for notes, on others. */
interface Output {
    /** The connection is open. */
    void opened(WebSocket webSocket, Timings timings);

    /** A text has come. */
    void text(String text);

    /** A binary message has come. */
    void binary(ByteBuffer data);

    /** A pong has come, so long after the ping. */
    void pong(String payload, double millis);

    /** The connection has ended. */
    void closed(CloseEvent event);

    /** Something that is worth a line. */
    void note(String line);
}
