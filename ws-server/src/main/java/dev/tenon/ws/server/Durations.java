package dev.tenon.ws.server;

import java.time.Duration;

/** Checks durations, and converts those that are too long for a sum of nanoseconds. */
final class Durations {
    /** A hundred years: longer than any process runs, and short enough for every sum. */
    private static final Duration LONGEST = Duration.ofDays(36_525);

    private Durations() {}

    /**
     * Returns a positive duration.
     *
     * @param name the setting, for the message of the exception
     */
    static Duration positive(Duration duration, String name) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException(name + " must be positive, not " + duration);
        }
        return duration;
    }

    /** Nanoseconds, from 0 to a hundred years. */
    static long nanos(Duration duration) {
        if (duration.isNegative()) {
            return 0;
        }
        return duration.compareTo(LONGEST) < 0 ? duration.toNanos() : LONGEST.toNanos();
    }
}
