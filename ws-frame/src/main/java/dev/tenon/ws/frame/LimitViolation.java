package dev.tenon.ws.frame;

import java.util.Locale;

/** A limit in number or time that this end sets its peers: the code is 1008, which RFC 6455 §7.4.1 has for policies. */
public enum LimitViolation implements ConnectionViolation {
    /** More control frames than the limit of this end allows in a time. */
    TOO_MANY_CONTROL_FRAMES(CloseCode.POLICY_VIOLATION, "§7.4.1", "too many control frames"),
    /** More frames within a message that add nothing to it than the limit of this end allows in a time. */
    TOO_MANY_EMPTY_FRAGMENTS(CloseCode.POLICY_VIOLATION, "§7.4.1", "too many empty fragments"),
    /** A message has begun, and none of it has come for too long. */
    MESSAGE_STALLED(CloseCode.POLICY_VIOLATION, "§7.4.1", "a message has made no progress"),
    /** A message has been under way for too long, however much of it has come. */
    MESSAGE_TOO_SLOW(CloseCode.POLICY_VIOLATION, "§7.4.1", "a message has taken too long");

    private final int closeCode;
    private final String section;
    private final String rule;

    LimitViolation(CloseCode closeCode, String section, String rule) {
        this.closeCode = closeCode.value();
        this.section = section;
        this.rule = rule;
    }

    @Override
    public String id() {
        return "limit." + name().toLowerCase(Locale.ROOT).replace('_', '-');
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
