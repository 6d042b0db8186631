package dev.tenon.ws.connection;

/** The result of a send. */
public enum SendResult {
    /** The message or frame was accepted. */
    QUEUED,
    /**
     * The message or frame was accepted, but more bytes are buffered now than the high-water mark. The sender should
     * wait until {@link WebSocketListener#onWritable} is called.
     */
    CONGESTED,
    /**
     * Nothing was accepted or sent, because the connection is closing or closed, or because the outbound limit is
     * reached.
     */
    REFUSED
}
