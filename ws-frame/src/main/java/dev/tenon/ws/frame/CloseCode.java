package dev.tenon.ws.frame;

/**
 * A close code (RFC 6455 §7.4 and the IANA registry of close codes). Any 16-bit value is allowed; {@link #isSendable()}
 * says whether a Close frame may hold it.
 *
 * @param value the code as it is sent, 0 to 65,535
 */
public record CloseCode(int value) {
    /** 1000: the connection has done its work. */
    public static final CloseCode NORMAL_CLOSURE = new CloseCode(1000);
    /** 1001: the server shuts down, or the browser has left the page. */
    public static final CloseCode GOING_AWAY = new CloseCode(1001);
    /** 1002: the peer broke the protocol. */
    public static final CloseCode PROTOCOL_ERROR = new CloseCode(1002);
    /** 1003: this end does not accept data of that kind, such as binary messages. */
    public static final CloseCode UNSUPPORTED_DATA = new CloseCode(1003);
    /** 1005: the Close frame held no code. Never sent. */
    public static final CloseCode NO_STATUS_RECEIVED = new CloseCode(1005);
    /** 1006: the connection ended without a Close frame. Never sent. */
    public static final CloseCode ABNORMAL_CLOSURE = new CloseCode(1006);
    /** 1007: the payload does not fit its type, such as text that is not UTF-8. */
    public static final CloseCode INVALID_PAYLOAD_DATA = new CloseCode(1007);
    /** 1008: the peer broke a policy of this end. */
    public static final CloseCode POLICY_VIOLATION = new CloseCode(1008);
    /** 1009: the message is too big for this end. */
    public static final CloseCode MESSAGE_TOO_BIG = new CloseCode(1009);
    /** 1010: the server did not agree to an extension that the client cannot do without. */
    public static final CloseCode MANDATORY_EXTENSION = new CloseCode(1010);
    /** 1011: this end has failed, for example by an exception. */
    public static final CloseCode INTERNAL_ERROR = new CloseCode(1011);
    /** 1012: the service restarts. */
    public static final CloseCode SERVICE_RESTART = new CloseCode(1012);
    /** 1013: the server is overloaded; try again later. */
    public static final CloseCode TRY_AGAIN_LATER = new CloseCode(1013);
    /** 1014: a gateway got an invalid response from upstream. */
    public static final CloseCode BAD_GATEWAY = new CloseCode(1014);
    /** 1015: the TLS handshake failed. Never sent. */
    public static final CloseCode TLS_HANDSHAKE = new CloseCode(1015);

    /**
     * A close code.
     *
     * @param value the code as it is sent, 0 to 65,535
     * @throws IllegalArgumentException if it does not fit into 16 bits
     */
    public CloseCode {
        if ((value & ~0xFFFF) != 0) {
            throw new IllegalArgumentException("a close code has 16 bits, not " + value);
        }
    }

    /**
     * Whether this code may be sent in a Close frame: 1000-1003, 1007-1014 (defined), 3000-3999 (registered) and
     * 4000-4999 (private use); RFC 6455 §7.4.
     *
     * @return false for the codes that have a meaning inside one program only (1005, 1006, 1015), and for unassigned
     *     codes
     */
    public boolean isSendable() {
        return (value >= 1000 && value <= 1003) || (value >= 1007 && value <= 1014) || (value >= 3000 && value <= 4999);
    }

    /**
     * Returns the number, as logs show it.
     *
     * @return the decimal value
     */
    @Override
    public String toString() {
        return Integer.toString(value);
    }
}
