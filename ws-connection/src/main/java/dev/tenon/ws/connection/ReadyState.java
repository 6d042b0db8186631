package dev.tenon.ws.connection;

/** Where a connection stands, in the words and order of a browser's {@code WebSocket.readyState}. */
public enum ReadyState {
    /** The opening handshake is under way. */
    CONNECTING,
    /** Messages flow. */
    OPEN,
    /** A Close frame was sent or received, and the end is awaited. */
    CLOSING,
    /** It is over. */
    CLOSED
}
