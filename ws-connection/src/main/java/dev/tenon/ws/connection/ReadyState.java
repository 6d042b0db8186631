package dev.tenon.ws.connection;

/** The state of a connection, with the names and order of a browser's {@code WebSocket.readyState}. */
public enum ReadyState {
    /** The opening handshake is in progress. */
    CONNECTING,
    /** Messages can be sent and received. */
    OPEN,
    /** The connection is closing: the closing handshake or a failure has begun, and the transport has not ended yet. */
    CLOSING,
    /** The connection has ended. */
    CLOSED
}
