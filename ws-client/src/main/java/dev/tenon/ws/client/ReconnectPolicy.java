package dev.tenon.ws.client;

import java.time.Duration;
import java.util.function.Predicate;

/**
 * Decides when to connect again and when to give up (RFC 6455 §7.2.3). Immutable.
 *
 * <p>The delay after a disconnect is random between zero and a bound: {@code firstDelay}, doubled after each further
 * disconnect in a row, at most {@code maxDelay}. So clients that lose their server at the same time do not return at
 * the same time. {@code Retry-After} of a 503 or 429 is added, a day at most.
 *
 * @param firstDelay the bound of the first delay
 * @param maxDelay the greatest bound
 * @param stableAfter how long a connection must be open so that the count of disconnects in a row starts again
 * @param maxFailures after how many disconnects in a row the client gives up
 * @param maxOutage how long after the first disconnect of a row the client gives up
 * @param retries whether to try again after a disconnect; called on an event loop, must not block
 */
public record ReconnectPolicy(
        Duration firstDelay,
        Duration maxDelay,
        Duration stableAfter,
        int maxFailures,
        Duration maxOutage,
        Predicate<Disconnect> retries) {
    /**
     * Delays of up to 5 s at first and 60 s at most, stable after 30 s; gives up after 20 disconnects in a row, after
     * an hour, or after a disconnect that is not {@linkplain Disconnect#isTransient() transient}.
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
     * @param stableAfter how long a connection must be open so that the count of disconnects in a row starts again
     * @param maxFailures after how many disconnects in a row the client gives up
     * @param maxOutage how long after the first disconnect of a row the client gives up
     * @param retries whether to try again after a disconnect
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
     * Returns this policy with other delays.
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
     * Returns this policy with another definition of a stable connection.
     *
     * @param open how long it must be open
     * @return a new policy
     * @throws IllegalArgumentException if it is negative
     */
    public ReconnectPolicy withStableAfter(Duration open) {
        return new ReconnectPolicy(firstDelay, maxDelay, open, maxFailures, maxOutage, retries);
    }

    /**
     * Returns this policy with other limits of a row of disconnects.
     *
     * @param failures the greatest number; {@link Integer#MAX_VALUE} for no limit
     * @param outage the longest time
     * @return a new policy
     * @throws IllegalArgumentException if {@code failures} is not positive, or {@code outage} negative
     */
    public ReconnectPolicy withGivingUpAfter(int failures, Duration outage) {
        return new ReconnectPolicy(firstDelay, maxDelay, stableAfter, failures, outage, retries);
    }

    /**
     * Returns this policy without limits of a row of disconnects. The client then gives up only after a disconnect that the
     * rule for retries rejects, such as a response with 404.
     *
     * @return a new policy
     */
    public ReconnectPolicy withoutGivingUp() {
        return withGivingUpAfter(Integer.MAX_VALUE, Duration.ofSeconds(Long.MAX_VALUE));
    }

    /**
     * Returns this policy with another rule for retries.
     *
     * @param rule replaces {@link Disconnect#isTransient()}, for example:
     *     {@code disconnect -> disconnect.isTransient() || disconnect.code() == 4001 || disconnect.status() == 401}.
     *     Called on an event loop, must not block
     * @return a new policy
     */
    public ReconnectPolicy withRetries(Predicate<Disconnect> rule) {
        return new ReconnectPolicy(firstDelay, maxDelay, stableAfter, maxFailures, maxOutage, rule);
    }
}
