package dev.tenon.ws.connection;

import java.time.Duration;

/**
 * Watches something that has to go on: a number that has to change within a time. It is looked at a few times during that
 * time, so that what changes the number costs no look at a clock; a standstill is found out a quarter of the time late at
 * most.
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
     * Begins to watch.
     *
     * @param value the number now
     * @param timeout how long it may stay the same
     * @param most how long it may go on changing
     */
    ProgressWatch(long nowNanos, long value, Duration timeout, Duration most) {
        this.timeout = nanos(timeout);
        this.end = nowNanos + nanos(most);
        this.value = value;
        since = nowNanos;
        looked = nowNanos;
    }

    /** Takes the number as it is now; returns whether it has changed since the last look. */
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

    /** Whether it has gone on for too long. */
    boolean isOver(long nowNanos) {
        return nowNanos - end >= 0;
    }

    long end() {
        return end;
    }

    /** When it has to be looked at next. */
    long next() {
        return Math.min(end, Math.min(since + timeout, looked + Math.max(1, timeout / LOOKS)));
    }

    /** A duration of any length; one that would never end is as good as a century. */
    static long nanos(Duration duration) {
        return duration.compareTo(CENTURY) < 0 ? duration.toNanos() : CENTURY.toNanos();
    }
}
