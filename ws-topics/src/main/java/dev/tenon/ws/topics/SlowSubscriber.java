package dev.tenon.ws.topics;

/** What a topic does with a subscriber whose outbound limit is reached, because its peer reads more slowly than messages come. */
public enum SlowSubscriber {
    /** The subscriber misses the message. Its listener's {@code onWritable} is called when there is room again. */
    SKIP,
    /**
     * The connection is closed with 1013, "try again later": the client has missed something, and fetches the current state
     * when it reconnects. If the peer does not read the Close frame either, the close timeout aborts the connection.
     */
    CLOSE
}
