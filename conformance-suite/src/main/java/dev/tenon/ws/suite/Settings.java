package dev.tenon.ws.suite;

import java.time.Duration;

/**
 * How patient the suite is, and what the peer has declared about itself.
 *
 * @param early how long a failure may take that has to come before the next piece is sent
 * @param whole how long anything else may take; four times as long where megabytes are sent
 * @param maxMessage the longest message that the peer takes, in bytes, or 0 if it has not said so
 * @param maxFragments the most fragments of a message that the peer takes, or 0 if it has not said so
 * @param exclusions which cases may speak against the peer, and why
 */
public record Settings(Duration early, Duration whole, long maxMessage, int maxFragments, Exclusions exclusions) {
    /** One second for what must be early, ten for the rest, nothing declared. */
    public static final Settings DEFAULT =
            new Settings(Duration.ofSeconds(1), Duration.ofSeconds(10), 0, 0, Exclusions.NONE);

    /**
     * These settings with another patience.
     *
     * @param early for failures that have to come before the next piece is sent
     * @param whole for anything else
     * @return the settings
     */
    public Settings withPatience(Duration early, Duration whole) {
        return new Settings(early, whole, maxMessage, maxFragments, exclusions);
    }

    /**
     * These settings for a peer that has declared limits.
     *
     * @param messageBytes the longest message that it takes, or 0
     * @param fragments the most fragments of a message that it takes, or 0
     * @return the settings
     */
    public Settings withDeclared(long messageBytes, int fragments) {
        return new Settings(early, whole, messageBytes, fragments, exclusions);
    }

    /**
     * These settings with cases that are let pass.
     *
     * @param excluded which, and why
     * @return the settings
     */
    public Settings withExclusions(Exclusions excluded) {
        return new Settings(early, whole, maxMessage, maxFragments, excluded);
    }
}
