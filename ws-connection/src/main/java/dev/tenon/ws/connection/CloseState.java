package dev.tenon.ws.connection;

/**
 * The closing handshake (RFC 6455 §7) of both roles: every state, every event, every transition. That the server ends
 * the TCP connection first (§7.1.1) is the one rule that differs, and it is not here.
 */
enum CloseState {
    /** Messages flow both ways. */
    OPEN,
    /** This end has sent a Close frame and awaits the peer's; it sends nothing more, but still takes messages. */
    CLOSE_SENT,
    /** Close frames went both ways; only the end of the transport is awaited. */
    CLOSE_BOTH,
    /** This end has failed the connection (§7.1.7): it reads nothing more and awaits the end of the transport. */
    FAILED,
    /** The transport has ended. */
    ENDED;

    /** What can happen to it. */
    enum Event {
        /** The application closes. */
        LOCAL_CLOSE,
        /** A Close frame has come. */
        PEER_CLOSE,
        /** The peer broke the protocol, or this end cannot go on. */
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

    /** Whether frames from the peer still count: none after its Close frame, nor after a failure. */
    boolean reads() {
        return this == OPEN || this == CLOSE_SENT;
    }

    /** The same in the words of a browser. */
    ReadyState readyState() {
        return switch (this) {
            case OPEN -> ReadyState.OPEN;
            case CLOSE_SENT, CLOSE_BOTH, FAILED -> ReadyState.CLOSING;
            case ENDED -> ReadyState.CLOSED;
        };
    }
}
