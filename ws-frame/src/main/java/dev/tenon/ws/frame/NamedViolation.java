package dev.tenon.ws.frame;

/** The violation that {@link ExtensionViolation#of} makes. */
record NamedViolation(Rule rule) implements ExtensionViolation {
    private static final long serialVersionUID = 1L;

    NamedViolation {
        ProtocolException.requireSendable(new CloseCode(rule.code()));
    }
}
