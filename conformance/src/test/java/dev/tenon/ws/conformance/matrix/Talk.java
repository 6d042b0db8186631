package dev.tenon.ws.conformance.matrix;

import dev.tenon.ws.connection.WebSocket;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * An open connection between Tenon and a peer.
 *
 * @param webSocket Tenon's end
 * @param traffic what goes over the wire
 * @param tenon what Tenon is told
 * @param peer what the peer is told
 * @param end ends the peer's end, if it has not ended
 */
record Talk(WebSocket webSocket, Traffic traffic, Ear tenon, Ear peer, Stop end) implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(Talk.class.getName());

    /** Sends a text and waits for what comes then. */
    String ask(String text) throws InterruptedException {
        webSocket.sendText(text);
        return tenon.next();
    }

    /** Sends a binary message and waits for what comes then. */
    String ask(ByteBuffer data) throws InterruptedException {
        webSocket.sendBinary(data.duplicate());
        return tenon.next();
    }

    /** Ends both ends. The peer may end its own in the same moment, and many APIs throw then. */
    @Override
    public void close() {
        webSocket.abort();
        try {
            end.close();
        } catch (IOException | RuntimeException e) {
            LOGGER.log(System.Logger.Level.DEBUG, "The peer's end had ended already", e);
        }
    }
}
