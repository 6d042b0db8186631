package dev.tenon.ws.frame;

/** A rule of the payload of a Close frame. */
public enum CloseViolation implements ConnectionViolation {
    /** A payload of one byte: 1002. */
    CODE_INCOMPLETE(CloseCode.PROTOCOL_ERROR, "§5.5.1", "a close payload of one byte holds no code"),
    /** A code that must not be sent, such as 1005, or an unassigned code: 1002. */
    CODE_NOT_ALLOWED(CloseCode.PROTOCOL_ERROR, "§7.4", "the close code must not be sent"),
    /** A reason that is not UTF-8: 1007. */
    REASON_NOT_UTF_8(CloseCode.INVALID_PAYLOAD_DATA, "§5.5.1", "the close reason is not UTF-8");

    private final Rule rule;

    CloseViolation(CloseCode closeCode, String section, String description) {
        rule = Rule.of("close", this, closeCode.value(), "RFC 6455 " + section, description);
    }

    @Override
    public Rule rule() {
        return rule;
    }
}
