package dev.tenon.ws.server;

import java.time.Duration;

/** Durations that a caller gives, up to those that stand for "for ever". */
final class Durations {
    /** Longer than any process runs, and short enough for every sum. */
    private static final Duration LONGEST = Duration.ofDays(36_525);

    private Durations() {}

    static Duration positive(Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException("a timeout is positive, not " + duration);
        }
        return duration;
    }

    /** Nanoseconds, 0 or more, and a hundred years at most. */
    static long nanos(Duration duration) {
        if (duration.isNegative()) {
            return 0;
        }
        return duration.compareTo(LONGEST) < 0 ? duration.toNanos() : LONGEST.toNanos();
    }
}
