package dev.tenon.ws.client;

import java.time.Duration;
import java.util.function.Predicate;

/**
 * When to connect again, and when to give up (RFC 6455 §7.2.3). Immutable.
 *
 * <p>After a disconnect a random time passes, anything up to a bound: {@code firstDelay}, then twice as much after each further
 * disconnect in a row, at most {@code maxDelay}. So clients that have lost their server together come back one by one. A server
 * or proxy that says {@code Retry-After} with 503 or 429 is given that time on top, a day at most.
 *
 * @param firstDelay the bound of the first delay
 * @param maxDelay the bound of every delay
 * @param stableAfter how long a connection has to be open, for its end to be the first disconnect of a row again
 * @param maxFailures at so many disconnects in a row no further attempt is made
 * @param maxOutage no attempt is made later than this after the first disconnect of a row
 * @param retries whether a disconnect is worth an attempt; called on an event loop, must not block
 */
public record ReconnectPolicy(
        Duration firstDelay,
        Duration maxDelay,
        Duration stableAfter,
        int maxFailures,
        Duration maxOutage,
        Predicate<Disconnect> retries) {
    /**
     * Delays of up to 5 s at first and 60 s at most, stable after 30 s; gives up at 20 disconnects in a row, after an hour, or
     * at a disconnect that is not {@linkplain Disconnect#isTransient() transient}.
     */
    public static final ReconnectPolicy DEFAULT = new ReconnectPolicy(
            Duration.ofSeconds(5),
            Duration.ofSeconds(60),
            Duration.ofSeconds(30),
            20,
            Duration.ofHours(1),
            Disconnect::isTransient);

    /**
     * A policy.
     *
     * @param firstDelay the bound of the first delay
     * @param maxDelay the bound of every delay
     * @param stableAfter how long a connection has to be open, for its end to be the first disconnect of a row again
     * @param maxFailures at so many disconnects in a row no further attempt is made
     * @param maxOutage no attempt is made later than this after the first disconnect of a row
     * @param retries whether a disconnect is worth an attempt
     * @throws IllegalArgumentException if {@code firstDelay} is not positive, {@code maxDelay} less than it,
     *     {@code maxFailures} not positive, or another time negative
     */
    public ReconnectPolicy {
        for (Duration time : new Duration[] {firstDelay, maxDelay, stableAfter, maxOutage}) {
            require(!time.isNegative(), "a time is not negative: ", time);
        }
        require(!firstDelay.isZero(), "the first delay is positive: ", firstDelay);
        require(maxDelay.compareTo(firstDelay) >= 0, "the longest delay is not shorter than the first: ", maxDelay);
        require(maxFailures > 0, "a number of failures is positive: ", maxFailures);
    }

    private static void require(boolean holds, String message, Object value) {
        if (!holds) {
            throw new IllegalArgumentException(message + value);
        }
    }

    /**
     * This policy with other delays.
     *
     * @param first the bound of the first delay
     * @param most the bound of every delay
     * @return a new policy
     * @throws IllegalArgumentException if {@code first} is not positive, or {@code most} less than it
     */
    public ReconnectPolicy withDelays(Duration first, Duration most) {
        return new ReconnectPolicy(first, most, stableAfter, maxFailures, maxOutage, retries);
    }

    /**
     * This policy with another idea of a stable connection.
     *
     * @param open how long it has to be open
     * @return a new policy
     * @throws IllegalArgumentException if it is negative
     */
    public ReconnectPolicy withStableAfter(Duration open) {
        return new ReconnectPolicy(firstDelay, maxDelay, open, maxFailures, maxOutage, retries);
    }

    /**
     * This policy with other bounds on a row of disconnects.
     *
     * @param failures how many are too many; {@link Integer#MAX_VALUE} for no such bound
     * @param outage how long is too long
     * @return a new policy
     * @throws IllegalArgumentException if {@code failures} is not positive, or {@code outage} negative
     */
    public ReconnectPolicy withGivingUpAfter(int failures, Duration outage) {
        return new ReconnectPolicy(firstDelay, maxDelay, stableAfter, failures, outage, retries);
    }

    /**
     * This policy with another rule for what is worth an attempt.
     *
     * @param rule instead of {@link Disconnect#isTransient()}, in one line:
     *     {@code disconnect -> disconnect.isTransient() || disconnect.code() == 4001 || disconnect.status() == 401}. Called
     *     on an event loop, must not block
     * @return a new policy
     */
    public ReconnectPolicy withRetries(Predicate<Disconnect> rule) {
        return new ReconnectPolicy(firstDelay, maxDelay, stableAfter, maxFailures, maxOutage, rule);
    }
}
