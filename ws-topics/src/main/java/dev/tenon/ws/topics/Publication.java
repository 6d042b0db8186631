package dev.tenon.ws.topics;

import dev.tenon.ws.connection.PreparedMessage;
import dev.tenon.ws.connection.WebSocket;
import org.jspecify.annotations.Nullable;

/**
 * One published message in the queues of a topic.
 *
 * @param message what is sent
 * @param except the connection that does not get it, or null
 * @param length bytes of the payload
 */
record Publication(PreparedMessage message, @Nullable WebSocket except, int length) {
    /** What an entry of a queue costs beside the payload, in bytes. */
    private static final int OVERHEAD = 256;
    /** So many bytes take about as long as one send of a short message. */
    private static final int BYTES_PER_STEP = 4096;

    static Publication of(PreparedMessage message, @Nullable WebSocket except) {
        return new Publication(message, except, message.payload().remaining());
    }

    /** Bytes that the publication counts against the limit of its topic. */
    long cost() {
        return length + (long) OVERHEAD;
    }

    /** What one send of it takes from the budget of a turn. */
    int steps() {
        return 1 + length / BYTES_PER_STEP;
    }
}
