package dev.tenon.ws.frame;

/** A limit in number or time that this end sets for its peers. The code is 1008, policy violation (RFC 6455 §7.4.1). */
public enum LimitViolation implements ConnectionViolation {
    /** More control frames in a time than this end allows. */
    TOO_MANY_CONTROL_FRAMES("too many control frames"),
    /** More empty fragments in a period than this end allows. */
    TOO_MANY_EMPTY_FRAGMENTS("too many empty fragments"),
    /** A message has begun, and no more of it has arrived for too long. */
    MESSAGE_STALLED("a message has made no progress"),
    /** A message takes too long from its first byte to its last, although bytes keep arriving. */
    MESSAGE_TOO_SLOW("a message has taken too long");

    private final Rule rule;

    LimitViolation(String description) {
        rule = Rule.of("limit", this, CloseCode.POLICY_VIOLATION.value(), "RFC 6455 §7.4.1", description);
    }

    @Override
    public Rule rule() {
        return rule;
    }
}
