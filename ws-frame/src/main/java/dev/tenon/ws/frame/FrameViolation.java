package dev.tenon.ws.frame;

/** A rule of the frame header. {@link FrameRules#check} checks them in this order. */
public enum FrameViolation implements ConnectionViolation {
    /** An RSV bit is set that no negotiated extension owns: 1002. */
    RSV_NOT_NEGOTIATED(CloseCode.PROTOCOL_ERROR, "§5.2", "an RSV bit is set that no negotiated extension owns"),
    /** A reserved opcode that no negotiated extension owns: 1002. */
    OPCODE_NOT_NEGOTIATED(CloseCode.PROTOCOL_ERROR, "§5.2", "a reserved opcode that no negotiated extension owns"),
    /** A control frame without FIN: 1002. */
    CONTROL_FRAME_FRAGMENTED(CloseCode.PROTOCOL_ERROR, "§5.5", "a control frame must not be fragmented"),
    /** A control frame with more than 125 bytes of payload: 1002. */
    CONTROL_FRAME_TOO_LONG(CloseCode.PROTOCOL_ERROR, "§5.5", "a control frame holds at most 125 bytes"),
    /** A frame from a client without MASK: 1002. */
    MASK_MISSING(CloseCode.PROTOCOL_ERROR, "§5.1", "a frame from a client must be masked"),
    /** A frame from a server with MASK: 1002. */
    MASK_FORBIDDEN(CloseCode.PROTOCOL_ERROR, "§5.1", "a frame from a server must not be masked"),
    /** A 64-bit length with its top bit set: 1002. */
    LENGTH_TOP_BIT_SET(CloseCode.PROTOCOL_ERROR, "§5.2", "the top bit of a 64-bit length must be clear"),
    /** A length in more bytes than it needs: 1002. */
    LENGTH_NOT_MINIMAL(CloseCode.PROTOCOL_ERROR, "§5.2", "a length must be sent in as few bytes as possible"),
    /** A frame longer than this end accepts: 1009, as soon as the header has arrived. */
    FRAME_TOO_LONG(CloseCode.MESSAGE_TOO_BIG, "§10.4", "the frame is longer than this end accepts");

    private final Rule rule;

    FrameViolation(CloseCode closeCode, String section, String description) {
        rule = Rule.of("frame", this, closeCode.value(), "RFC 6455 " + section, description);
    }

    @Override
    public Rule rule() {
        return rule;
    }
}
