package dev.tenon.ws.client.step;

import java.time.Duration;

/** Converts durations to nanoseconds; a duration that does not fit means for ever. */
public final class Nanos {
    /** About 146 years; twice of it still fits into a {@code long}. */
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
