package dev.tenon.ws.connection;

/** What became of something that was given to be sent. */
public enum SendResult {
    /** Taken. */
    QUEUED,
    /**
     * Taken, but more is buffered now than the high-water mark: hold back until
     * {@link WebSocketListener#onWritable} comes.
     */
    CONGESTED,
    /** Not taken, nothing was sent: the connection is closing or closed, or the outbound limit is reached. */
    REFUSED
}
