package dev.tenon.ws.client.step;

import java.time.Duration;

/** Durations in nanoseconds, where whatever does not fit means for ever. */
public final class Nanos {
    /** About 146 years: longer than any clock here runs, and twice of it still fits into a {@code long}. */
    public static final long FOREVER = Long.MAX_VALUE / 2;

    private static final Duration LONGEST = Duration.ofNanos(FOREVER);

    private Nanos() {}

    public static long of(Duration duration) {
        if (duration.isNegative()) {
            return 0;
        }
        return duration.compareTo(LONGEST) < 0 ? duration.toNanos() : FOREVER;
    }
}
