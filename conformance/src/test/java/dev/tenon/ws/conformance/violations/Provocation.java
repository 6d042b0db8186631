package dev.tenon.ws.conformance.violations;

import dev.tenon.ws.frame.Violation;
import org.jspecify.annotations.Nullable;

/** What a peer sends to break one rule, and the end of Tenon's that has to name that rule. */
interface Provocation {
    /** The rule that is broken. */
    Violation violation();

    /** Which end receives it, such as "a server". */
    String receiver();

    /** What is sent, short enough for a table. */
    String example();

    /** Sends it; returns the violation that the receiver names, or null if it names none. */
    @Nullable
    Violation provoke() throws Exception;
}
