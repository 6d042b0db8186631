package dev.tenon.ws.suite;

import java.time.Duration;

/** The time at which a step of a case ends, however much the peer sends. Immutable. */
record Deadline(long nanos) {

    static Deadline in(Duration timeout) {
        return new Deadline(System.nanoTime() + timeout.toNanos());
    }

    /** The remaining time, zero once this has passed. */
    Duration left() {
        return Duration.ofNanos(Math.max(0, nanos - System.nanoTime()));
    }

    boolean hasPassed() {
        return nanos - System.nanoTime() <= 0;
    }
}
