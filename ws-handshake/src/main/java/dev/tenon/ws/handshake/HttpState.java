package dev.tenon.ws.handshake;

/**
 * The states of a server's HTTP/1.1 connection, and every transition between them. The drawing says the same as
 * {@link #after}; {@code HttpStateTest} compares the two.
 *
 * <pre>{@code
 * READING_HEAD  -- HEAD -->          DECIDING
 * READING_HEAD  -- LAST_RESPONSE --> SENDING_LAST
 * READING_HEAD  -- INPUT_END -->     CLOSED
 * DECIDING      -- BODY -->          READING_BODY
 * DECIDING      -- RESPONSE -->      SENDING
 * DECIDING      -- LAST_RESPONSE --> SENDING_LAST
 * DECIDING      -- BODY_START -->    STREAMING
 * DECIDING      -- UPGRADE -->       UPGRADED
 * DECIDING      -- INPUT_END -->     CLOSED
 * READING_BODY  -- BODY_END -->      RESPONDING
 * READING_BODY  -- LAST_RESPONSE --> SENDING_LAST
 * READING_BODY  -- INPUT_END -->     CLOSED
 * RESPONDING    -- RESPONSE -->      SENDING
 * RESPONDING    -- LAST_RESPONSE --> SENDING_LAST
 * RESPONDING    -- BODY_START -->    STREAMING
 * STREAMING     -- RESPONSE -->      SENDING
 * STREAMING     -- LAST_RESPONSE --> SENDING_LAST
 * SENDING       -- SENT -->          READING_HEAD
 * SENDING_LAST  -- SENT -->          LINGERING
 * LINGERING     -- INPUT_END -->     CLOSED
 * any state     -- CLOSE -->         CLOSED
 * }</pre>
 */
enum HttpState {
    /** Between two requests, or inside the head of one. */
    READING_HEAD,
    /** A head was read: the server decides whether it reads the body, responds or upgrades. */
    DECIDING,
    /** Inside the body of a request. */
    READING_BODY,
    /** A request was read in full: its response is awaited. */
    RESPONDING,
    /** The head of a response has left, and its body follows in pieces. */
    STREAMING,
    /** A response leaves; the next request waits until the client has taken it. */
    SENDING,
    /** The last response of the connection leaves. */
    SENDING_LAST,
    /** This end has ended its direction, drops what comes, and awaits the end of the client's direction (RFC 9112 §9.6). */
    LINGERING,
    /** Another protocol has taken over. */
    UPGRADED,
    /** Nothing is read or sent any more. */
    CLOSED;

    /** What can happen to a connection. */
    enum Input {
        /** The head of a request was read. */
        HEAD,
        /** The server wants the body. */
        BODY,
        /** The body was read to its end. */
        BODY_END,
        /** The head of a response was given whose body follows in pieces. */
        BODY_START,
        /** A response was given that others may follow. */
        RESPONSE,
        /** A response was given that is the last one. */
        LAST_RESPONSE,
        /** The transport has sent all that it was given. */
        SENT,
        /** The server goes over to another protocol. */
        UPGRADE,
        /** The client has ended its direction. */
        INPUT_END,
        /** The connection is over, for whatever reason. */
        CLOSE
    }

    /** The state after an input; the same state where the input changes nothing. */
    HttpState after(Input input) {
        if (input == Input.CLOSE) {
            return CLOSED;
        }
        return switch (this) {
            case READING_HEAD ->
                switch (input) {
                    case HEAD -> DECIDING;
                    case LAST_RESPONSE -> SENDING_LAST;
                    case INPUT_END -> CLOSED;
                    default -> this;
                };
            case DECIDING ->
                switch (input) {
                    case BODY -> READING_BODY;
                    case UPGRADE -> UPGRADED;
                    case INPUT_END -> CLOSED; // a client that cannot send any more has no use for a WebSocket
                    default -> afterResponse(input);
                };
            case READING_BODY ->
                switch (input) {
                    case BODY_END -> RESPONDING;
                    case LAST_RESPONSE -> SENDING_LAST;
                    case INPUT_END -> CLOSED;
                    default -> this;
                };
            case RESPONDING, STREAMING -> afterResponse(input);
            case SENDING -> input == Input.SENT ? READING_HEAD : this;
            case SENDING_LAST -> input == Input.SENT ? LINGERING : this;
            case LINGERING -> input == Input.INPUT_END ? CLOSED : this;
            case UPGRADED, CLOSED -> this;
        };
    }

    private HttpState afterResponse(Input input) {
        return switch (input) {
            case BODY_START -> STREAMING;
            case RESPONSE -> SENDING;
            case LAST_RESPONSE -> SENDING_LAST;
            default -> this;
        };
    }

    /** Whether a request was read of which the server still owes the response. */
    boolean awaitsResponse() {
        return this == DECIDING || this == RESPONDING;
    }

    /** Whether bytes of the client are parsed. */
    boolean reads() {
        return this == READING_HEAD || this == READING_BODY;
    }

    /** Whether a response is on its way. */
    boolean sends() {
        return this == STREAMING || this == SENDING || this == SENDING_LAST;
    }

    /** Whether bytes of the client are dropped. */
    boolean drops() {
        return this == SENDING_LAST || this == LINGERING || this == CLOSED;
    }
}
