package dev.tenon.ws.frame;

import java.util.Locale;

/** A rule of the frame header, in the order in which {@link FrameRules#check} looks for them. */
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
    /** A frame longer than this end accepts: 1009, on the header alone. */
    FRAME_TOO_LONG(CloseCode.MESSAGE_TOO_BIG, "§10.4", "the frame is longer than this end accepts");

    private final int closeCode;
    private final String section;
    private final String rule;

    FrameViolation(CloseCode closeCode, String section, String rule) {
        this.closeCode = closeCode.value();
        this.section = section;
        this.rule = rule;
    }

    @Override
    public String id() {
        return "frame." + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public String rule() {
        return rule;
    }

    @Override
    public String section() {
        return "RFC 6455 " + section;
    }

    @Override
    public CloseCode closeCode() {
        return new CloseCode(closeCode);
    }
}
