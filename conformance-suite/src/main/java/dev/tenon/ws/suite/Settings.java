package dev.tenon.ws.suite;

import java.time.Duration;

/**
 * The timeouts of the suite, and the declared limits of the peer.
 *
 * @param earlyTimeout the timeout for a failure that must come before the next piece is sent
 * @param timeout the timeout for everything else; four times as long for an answer if megabytes are sent
 * @param maxMessage the longest message that the peer accepts, in bytes, or 0 if unknown
 * @param maxFragments how many fragments of a message the peer accepts, or 0 if unknown
 * @param exclusions the cases that may fail, with reasons
 */
public record Settings(
        Duration earlyTimeout, Duration timeout, long maxMessage, int maxFragments, Exclusions exclusions) {
    /** One second for early failures, ten for the rest, no declared limits. */
    public static final Settings DEFAULT =
            new Settings(Duration.ofSeconds(1), Duration.ofSeconds(10), 0, 0, Exclusions.NONE);

    /**
     * These settings with other timeouts.
     *
     * @param earlyTimeout for failures that must come before the next piece is sent
     * @param timeout for everything else, and for a peer that reads nothing
     * @return the settings
     */
    public Settings withTimeouts(Duration earlyTimeout, Duration timeout) {
        return new Settings(earlyTimeout, timeout, maxMessage, maxFragments, exclusions);
    }

    /**
     * These settings with declared limits of the peer.
     *
     * @param messageBytes the longest message that it accepts, or 0
     * @param fragments how many fragments of a message it accepts, or 0
     * @return the settings
     */
    public Settings withDeclared(long messageBytes, int fragments) {
        return new Settings(earlyTimeout, timeout, messageBytes, fragments, exclusions);
    }

    /**
     * These settings with cases that may fail.
     *
     * @param excluded the cases, with reasons
     * @return the settings
     */
    public Settings withExclusions(Exclusions excluded) {
        return new Settings(earlyTimeout, timeout, maxMessage, maxFragments, excluded);
    }
}
