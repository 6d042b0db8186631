package dev.tenon.ws.frame;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The facts of a {@link Violation}: its id, what it means, where it is written and the number that goes to the peer. An
 * enum of violations holds one rule in each constant. Immutable and thread-safe.
 *
 * @param id the name in logs, events and reports: family, dot and rule in lower case, such as {@code frame.mask-missing}
 * @param code the close code of a {@link ConnectionViolation} or the HTTP status of a {@link HandshakeViolation}; 0 if
 *     the peer receives neither
 * @param section the document and section that state the rule, such as {@code RFC 6455 §5.1}; empty if no document does
 * @param description what the peer did, or must not do, as a clause that the peer may read
 */
public record Rule(String id, int code, String section, String description) {
    private static final Pattern ID = Pattern.compile("[a-z0-9-]+(\\.[a-z0-9-]+)+");

    /**
     * A rule.
     *
     * @param id family, dot and rule in lower case
     * @param code the close code or HTTP status; 0 if the peer receives neither
     * @param section the document and section that state the rule; empty if no document does
     * @param description what the peer did, or must not do
     * @throws IllegalArgumentException if the id has another form
     */
    public Rule {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException("an id is a name, a dot and a rule in lower case, not " + id);
        }
    }

    /**
     * Returns the rule of an enum constant. Its id is the family and the constant's name in lower case, with hyphens:
     * {@code MASK_MISSING} of the family {@code frame} becomes {@code frame.mask-missing}.
     *
     * @param family the first part of the id
     * @param constant the constant that holds the rule
     * @param code the close code or HTTP status; 0 if the peer receives neither
     * @param section the document and section that state the rule; empty if no document does
     * @param description what the peer did, or must not do
     * @return the rule
     */
    public static Rule of(String family, Enum<?> constant, int code, String section, String description) {
        String name = constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
        return new Rule(family + "." + name, code, section, description);
    }
}
