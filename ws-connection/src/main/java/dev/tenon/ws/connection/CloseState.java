package dev.tenon.ws.connection;

/**
 * The states, events and transitions of the closing handshake (RFC 6455 §7), for both roles. The roles differ only in
 * the rule that the server ends the TCP connection first (§7.1.1), which is not implemented here.
 */
enum CloseState {
    /** Messages can be sent and received. */
    OPEN,
    /**
     * This end has sent a Close frame and waits for the peer's. It sends no more frames, but still receives messages.
     */
    CLOSE_SENT,
    /** Both ends have sent Close frames; this end waits for the end of the transport. */
    CLOSE_BOTH,
    /** The connection has failed (§7.1.7): this end processes no more input and waits for the end of the transport. */
    FAILED,
    /** The transport has ended. */
    ENDED;

    /** The events that change the state. */
    enum Event {
        /** The application closes. */
        LOCAL_CLOSE,
        /** A Close frame has arrived. */
        PEER_CLOSE,
        /**
         * The peer broke the protocol or ended without a Close frame, or this end cannot continue or aborts the
         * connection.
         */
        FAILURE,
        /** The transport has ended, for whatever reason. */
        END
    }

    /** The state after an event; the same state where the event changes nothing. */
    CloseState after(Event event) {
        if (event == Event.END) {
            return ENDED;
        }
        return switch (this) {
            case OPEN ->
                switch (event) {
                    case LOCAL_CLOSE -> CLOSE_SENT;
                    case PEER_CLOSE -> CLOSE_BOTH; // answered at once: §5.5.1
                    default -> FAILED;
                };
            case CLOSE_SENT ->
                switch (event) {
                    case LOCAL_CLOSE -> CLOSE_SENT;
                    case PEER_CLOSE -> CLOSE_BOTH;
                    default -> FAILED;
                };
            case CLOSE_BOTH, FAILED, ENDED -> this;
        };
    }

    /** Whether frames may be sent: none after a Close frame (§5.5.1). */
    boolean sends() {
        return this == OPEN;
    }

    /** Whether frames from the peer are still processed: none after its Close frame, nor after a failure. */
    boolean reads() {
        return this == OPEN || this == CLOSE_SENT;
    }

    /** The state with the names of a browser. */
    ReadyState readyState() {
        return switch (this) {
            case OPEN -> ReadyState.OPEN;
            case CLOSE_SENT, CLOSE_BOTH, FAILED -> ReadyState.CLOSING;
            case ENDED -> ReadyState.CLOSED;
        };
    }
}
