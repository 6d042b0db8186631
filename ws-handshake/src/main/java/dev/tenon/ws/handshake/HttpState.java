package dev.tenon.ws.handshake;

/**
 * The states of a server's HTTP/1.1 connection, and every transition between them. The drawing shows what {@link
 * #after} implements; {@code HttpStateTest} compares the two.
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
    /** A request was read completely, and its response is missing. */
    RESPONDING,
    /** The head of a response was sent, and its body follows in pieces. */
    STREAMING,
    /** A response is being sent. The next request waits until all of it has been sent. */
    SENDING,
    /** The last response of the connection is being sent. */
    SENDING_LAST,
    /**
     * This end has ended its direction. It drops input and waits for the end of the client's direction (RFC 9112 §9.6).
     */
    LINGERING,
    /** Another protocol has taken over. */
    UPGRADED,
    /** The connection has ended. */
    CLOSED;

    /** An event that may change the state. */
    enum Input {
        /** The head of a request was read. */
        HEAD,
        /** The server has asked for the body. */
        BODY,
        /** The body was read completely. */
        BODY_END,
        /** The server has given the head of a response whose body follows in pieces. */
        BODY_START,
        /** The server has given a response that is not the last one. */
        RESPONSE,
        /** The server has given the last response. */
        LAST_RESPONSE,
        /** The transport has sent all bytes. */
        SENT,
        /** The server has accepted an upgrade. */
        UPGRADE,
        /** The client has ended its direction. */
        INPUT_END,
        /** The connection has ended for any reason. */
        CLOSE
    }

    /** The state after an input, or this state if the input does not change it. */
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
                    case INPUT_END -> CLOSED; // a client that has ended its direction cannot use a WebSocket
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

    /** Whether the current request has no response yet. */
    boolean awaitsResponse() {
        return this == DECIDING || this == RESPONDING;
    }

    /** Whether input is parsed. */
    boolean reads() {
        return this == READING_HEAD || this == READING_BODY;
    }

    /** Whether a response is being sent. */
    boolean sends() {
        return this == STREAMING || this == SENDING || this == SENDING_LAST;
    }

    /** Whether input is dropped. */
    boolean drops() {
        return this == SENDING_LAST || this == LINGERING || this == CLOSED;
    }
}
