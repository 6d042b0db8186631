package dev.tenon.ws.testkit;

import java.time.Duration;

/** A clock that only a test moves. Not thread-safe. */
public final class VirtualClock {
    private long nanos;

    /** A clock that begins at an arbitrary time. */
    public VirtualClock() {
        this(0);
    }

    /**
     * A clock that begins at the given time.
     *
     * @param nanos the first value of {@link #nanoTime()}, not close to the limits of {@code long}
     */
    public VirtualClock(long nanos) {
        this.nanos = nanos;
    }

    /**
     * Returns the time now.
     *
     * @return nanoseconds since an arbitrary origin
     */
    public long nanoTime() {
        return nanos;
    }

    /**
     * Moves the clock forward.
     *
     * @param time the duration, not negative
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
