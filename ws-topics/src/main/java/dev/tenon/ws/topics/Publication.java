package dev.tenon.ws.topics;

import dev.tenon.ws.connection.PreparedMessage;
import dev.tenon.ws.connection.WebSocket;
import org.jspecify.annotations.Nullable;

/**
 * One published message in the queues of a topic.
 *
 * @param message the message
 * @param except the connection that does not receive it, or null
 * @param length bytes of the payload
 */
record Publication(PreparedMessage message, @Nullable WebSocket except, int length) {
    /** The cost of a queue entry in addition to the payload, in bytes. */
    private static final int OVERHEAD = 256;
    /** How many bytes take about as long as one send of a short message. */
    private static final int BYTES_PER_STEP = 4096;

    static Publication of(PreparedMessage message, @Nullable WebSocket except) {
        return new Publication(message, except, message.payload().remaining());
    }

    /** The bytes that count toward the limit of the topic. */
    long cost() {
        return cost(length);
    }

    /** The bytes that a payload of a length counts for while it waits. */
    static long cost(int length) {
        return length + (long) OVERHEAD;
    }

    /** The cost of one send in the budget of a turn. */
    int steps() {
        return 1 + length / BYTES_PER_STEP;
    }
}
