package dev.tenon.ws.testkit;

import java.time.Duration;

/** Time that passes only when a test says so. Not thread-safe. */
public final class VirtualClock {
    private long nanos;

    /** A clock that shows an arbitrary time. */
    public VirtualClock() {
        this(0);
    }

    /**
     * A clock that begins at a time of the test's choice.
     *
     * @param nanos what {@link #nanoTime()} shows first; the origin means nothing, but the ends of {@code long} are not near
     */
    public VirtualClock(long nanos) {
        this.nanos = nanos;
    }

    /**
     * The time now.
     *
     * @return nanoseconds since an arbitrary origin
     */
    public long nanoTime() {
        return nanos;
    }

    /**
     * Lets time pass.
     *
     * @param time how much, not negative
     * @throws IllegalArgumentException if it is negative
     */
    public void advance(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("time does not go back: " + time);
        }
        nanos += time.toNanos();
    }

    void set(long nanoTime) {
        nanos = nanoTime;
    }
}
