package dev.tenon.ws.connection;

import java.time.Duration;

/**
 * Watches a number that has to change within a timeout. The number is checked a few times during the timeout, so that
 * the code that changes it needs no clock. A standstill is detected at most a quarter of the timeout late.
 */
class ProgressWatch {
    private static final int LOOKS = 4;
    private static final Duration CENTURY = Duration.ofDays(36_525);

    private final long timeout;
    private final long end;
    private long value;
    private long since;
    private long looked;

    /**
     * Creates a watch.
     *
     * @param value the current number
     * @param timeout how long it may stay the same
     * @param most how long the number may continue to change
     */
    ProgressWatch(long nowNanos, long value, Duration timeout, Duration most) {
        this.timeout = nanos(timeout);
        this.end = nowNanos + nanos(most);
        this.value = value;
        since = nowNanos;
        looked = nowNanos;
    }

    /** Checks the current number; returns whether it has changed since the last check. */
    boolean look(long nowNanos, long current) {
        boolean changed = current != value;
        value = current;
        looked = nowNanos;
        if (changed) {
            since = nowNanos;
        }
        return changed;
    }

    /** Whether the number has stayed the same for too long. */
    boolean isStalled(long nowNanos) {
        return nowNanos - since >= timeout;
    }

    /** Whether the total time is over. */
    boolean isOver(long nowNanos) {
        return nowNanos - end >= 0;
    }

    long end() {
        return end;
    }

    /** Returns when the number has to be checked next. */
    long next() {
        return Math.min(end, Math.min(since + timeout, looked + Math.max(1, timeout / LOOKS)));
    }

    /** Converts a duration to nanoseconds, at most a century. */
    static long nanos(Duration duration) {
        return duration.compareTo(CENTURY) < 0 ? duration.toNanos() : CENTURY.toNanos();
    }
}
