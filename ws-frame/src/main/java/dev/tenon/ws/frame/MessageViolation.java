package dev.tenon.ws.frame;

/** A rule for the frames that form a message, and for the content of a message. */
public enum MessageViolation implements ConnectionViolation {
    /** A continuation frame while no message is under way: 1002. */
    CONTINUATION_WITHOUT_MESSAGE(
            CloseCode.PROTOCOL_ERROR, "§5.4", "a continuation frame without a message to continue"),
    /** A text or binary frame while a message is under way: 1002. */
    MESSAGE_WITHIN_MESSAGE(
            CloseCode.PROTOCOL_ERROR, "§5.4", "a new message must not begin before the one under way has ended"),
    /** An RSV bit by which an extension marks messages, on a frame that does not begin one: 1002. */
    RSV_WITHIN_MESSAGE(
            CloseCode.PROTOCOL_ERROR, "§5.8", "an extension's RSV bit on a frame that does not begin a message"),
    /** Text that is not UTF-8: 1007. */
    TEXT_NOT_UTF_8(CloseCode.INVALID_PAYLOAD_DATA, "§8.1", "the text is not UTF-8"),
    /** A message longer than this end accepts: 1009. */
    MESSAGE_TOO_LONG(CloseCode.MESSAGE_TOO_BIG, "§10.4", "the message is longer than this end accepts");

    private final Rule rule;

    MessageViolation(CloseCode closeCode, String section, String description) {
        rule = Rule.of("message", this, closeCode.value(), "RFC 6455 " + section, description);
    }

    @Override
    public Rule rule() {
        return rule;
    }
}
