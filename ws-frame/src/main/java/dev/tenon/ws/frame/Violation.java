package dev.tenon.ws.frame;

import java.io.Serializable;

/**
 * A rule that a peer can break, as a constant with a name that stays. The two kinds differ in how the peer is told: {@link
 * ConnectionViolation} by a Close frame, {@link HandshakeViolation} by an HTTP response. All that Tenon knows stand in
 * {@code docs/violations.md}, each with bytes that break it. Immutable and thread-safe.
 *
 * <p>Only what a peer does is a violation. A caller's misuse is an {@link IllegalArgumentException} or an {@link
 * IllegalStateException}, a failure of the network an {@link java.io.IOException}.
 */
public sealed interface Violation extends Serializable permits ConnectionViolation, HandshakeViolation {
    /**
     * The name in logs, events and reports. It never changes and never means another rule.
     *
     * @return family and rule in lower case, such as {@code frame.mask-missing}
     */
    String id();

    /**
     * What the peer did, or must not do, in words fit for its eyes.
     *
     * @return one clause, without a full stop and without anything internal
     */
    String rule();

    /**
     * Where the rule is written.
     *
     * @return document and section, such as {@code RFC 6455 §5.1}; empty if no document has it
     */
    String section();
}
