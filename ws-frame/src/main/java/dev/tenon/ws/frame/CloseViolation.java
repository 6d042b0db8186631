package dev.tenon.ws.frame;

import java.util.Locale;

/** A rule of the payload of a Close frame. */
public enum CloseViolation implements ConnectionViolation {
    /** A payload of one byte: 1002. */
    CODE_INCOMPLETE(CloseCode.PROTOCOL_ERROR, "§5.5.1", "a close payload of one byte holds no code"),
    /** A code that only stands for something locally, or that nobody has assigned: 1002. */
    CODE_NOT_ALLOWED(CloseCode.PROTOCOL_ERROR, "§7.4", "the close code must not be sent"),
    /** A reason that is not UTF-8: 1007. */
    REASON_NOT_UTF_8(CloseCode.INVALID_PAYLOAD_DATA, "§5.5.1", "the close reason is not UTF-8");

    private final int closeCode;
    private final String section;
    private final String rule;

    CloseViolation(CloseCode closeCode, String section, String rule) {
        this.closeCode = closeCode.value();
        this.section = section;
        this.rule = rule;
    }

    @Override
    public String id() {
        return "close." + name().toLowerCase(Locale.ROOT).replace('_', '-');
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
