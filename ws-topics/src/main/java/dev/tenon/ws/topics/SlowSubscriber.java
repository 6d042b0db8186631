package dev.tenon.ws.topics;

/** How a topic handles a subscriber whose outbound limit is reached because its peer reads too slowly. */
public enum SlowSubscriber {
    /** The subscriber misses the message. Its listener's {@code onWritable} is called when there is room again. */
    SKIP,
    /**
     * The connection is closed with 1013, "try again later": the client has missed messages and must fetch the current
     * state when it reconnects. If the peer does not read the Close frame either, the close timeout aborts the
     * connection.
     */
    CLOSE
}
