package dev.tenon.ws.conformance.violations;

import dev.tenon.ws.frame.Violation;
import org.jspecify.annotations.Nullable;

/** Bytes of a peer that break one rule, and the end of Tenon that has to report the rule. */
interface Provocation {
    /** The rule that is broken. */
    Violation violation();

    /** Returns the end that receives it, such as "a server". */
    String receiver();

    /** Returns the bytes, short enough for a table. */
    String example();

    /** Sends it; returns the violation that the receiver reports, or null if it reports none. */
    @Nullable
    Violation provoke() throws Exception;
}
