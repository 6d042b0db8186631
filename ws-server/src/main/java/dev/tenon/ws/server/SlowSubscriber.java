package dev.tenon.ws.server;

/** What becomes of a subscriber that takes messages slower than they are published, so that its outbound limit is reached. */
public enum SlowSubscriber {
    /** It misses the message; its listener is told by {@code onWritable} when there is room again. */
    SKIP,
    /**
     * It is closed with 1013, "try again later": it has missed something, and gets what there is by coming back. If it
     * does not even take the Close frame, it is aborted when the time for closing is over.
     */
    CLOSE
}
