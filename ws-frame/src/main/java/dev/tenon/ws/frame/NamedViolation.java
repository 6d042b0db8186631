package dev.tenon.ws.frame;

/**
 * The violation that {@link ExtensionViolation#of} makes. Its fields can be serialized, which a {@link Rule} cannot.
 *
 * @param id the id of the rule
 * @param code the close code
 * @param description what the rule demands
 */
record NamedViolation(String id, int code, String description) implements ExtensionViolation {
    private static final long serialVersionUID = 1L;

    NamedViolation {
        ProtocolException.requireSendable(new CloseCode(new Rule(id, code, "", description).code()));
    }

    @Override
    public Rule rule() {
        return new Rule(id, code, "", description);
    }
}
