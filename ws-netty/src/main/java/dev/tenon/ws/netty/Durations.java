package dev.tenon.ws.netty;

import java.time.Duration;

/** Durations of callers, of which some have more nanoseconds than a long holds. */
final class Durations {
    /** A hundred years: longer than any process runs, and short enough for every sum. */
    private static final Duration LONGEST = Duration.ofDays(36_525);

    private Durations() {}

    /** Nanoseconds, from 0 to a hundred years. */
    static long nanos(Duration duration) {
        if (duration.isNegative()) {
            return 0;
        }
        return duration.compareTo(LONGEST) < 0 ? duration.toNanos() : LONGEST.toNanos();
    }
}
