package dev.tenon.ws.frame;

import java.io.Serializable;

/**
 * A named rule that a peer can break. There are two kinds: a {@link ConnectionViolation} ends an open connection with a
 * Close frame, a {@link HandshakeViolation} ends an opening handshake with an HTTP response. {@code docs/violations.md}
 * lists all violations that Tenon knows, each with bytes that break it. Immutable and thread-safe.
 *
 * <p>Only what a peer does is a violation. Misuse by the caller is an {@link IllegalArgumentException} or an {@link
 * IllegalStateException}, a failure of the network is an {@link java.io.IOException}.
 */
public sealed interface Violation extends Serializable permits ConnectionViolation, HandshakeViolation {
    /**
     * The facts of this violation.
     *
     * @return an equal rule each time
     */
    Rule rule();

    /**
     * Returns the name in logs, events and reports. An id never changes its meaning.
     *
     * @return family and rule in lower case, such as {@code frame.mask-missing}
     */
    default String id() {
        return rule().id();
    }

    /**
     * Returns what the peer did, or must not do. The peer may read it.
     *
     * @return one clause, without a full stop and without internal details
     */
    default String description() {
        return rule().description();
    }

    /**
     * Returns the document and section that state the rule.
     *
     * @return such as {@code RFC 6455 §5.1}; empty if no document states it
     */
    default String section() {
        return rule().section();
    }
}
