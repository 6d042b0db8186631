package dev.tenon.ws.conformance.matrix;

import dev.tenon.ws.connection.WebSocket;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * An open connection between Tenon and a peer.
 *
 * @param webSocket Tenon's end
 * @param traffic the bytes of the connection
 * @param tenon the events of Tenon's end
 * @param peer the events of the peer's end
 * @param end closes the peer's end, unless it has ended
 */
record PeerConnection(WebSocket webSocket, Traffic traffic, EventLog tenon, EventLog peer, Stop end)
        implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(PeerConnection.class.getName());

    /** Sends a text, and returns the next event. */
    String exchange(String text) throws InterruptedException {
        webSocket.sendText(text);
        return tenon.next();
    }

    /** Sends a binary message, and returns the next event. */
    String exchange(ByteBuffer data) throws InterruptedException {
        webSocket.sendBinary(data.duplicate());
        return tenon.next();
    }

    /** Closes both ends. If the peer closes its own end at the same moment, many APIs throw. */
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
