package dev.tenon.ws.client.reconnect;

import dev.tenon.ws.client.ReconnectPolicy;
import dev.tenon.ws.client.step.Nanos;
import java.util.OptionalLong;
import java.util.function.DoubleSupplier;

/**
 * Counts disconnects in a row, and computes the delay after each (RFC 6455 §7.2.3). Time and random numbers are
 * parameters.
 */
public final class Backoff {
    private final ReconnectPolicy policy;
    /** Returns numbers from 0 (inclusive) to 1 (exclusive). */
    private final DoubleSupplier random;

    private int failures;
    private long rowBegan;
    private boolean open;
    private long openedAt;

    public Backoff(ReconnectPolicy policy, DoubleSupplier random) {
        this.policy = policy;
        this.random = random;
    }

    public void opened(long nowNanos) {
        open = true;
        openedAt = nowNanos;
    }

    /** Counts a disconnect; returns the number in a row. */
    public int countDisconnect(long nowNanos) {
        if (open && nowNanos - openedAt >= Nanos.of(policy.stableAfter())) {
            failures = 0;
        }
        open = false;
        if (failures == 0) {
            rowBegan = nowNanos;
        }
        failures = Math.max(failures, failures + 1); // without overflow
        return failures;
    }

    /**
     * Returns the delay before the next attempt, or nothing to give up.
     *
     * @param least the delay that the server has asked for, in nanoseconds
     */
    public OptionalLong delay(long nowNanos, long least) {
        long delay = least + (long) (random.getAsDouble() * bound());
        boolean tooLate = nowNanos - rowBegan > Nanos.of(policy.maxOutage()) - delay;
        return failures >= policy.maxFailures() || tooLate ? OptionalLong.empty() : OptionalLong.of(delay);
    }

    private long bound() {
        long first = Nanos.of(policy.firstDelay());
        long most = Nanos.of(policy.maxDelay());
        int doublings = failures - 1;
        return doublings >= Long.numberOfLeadingZeros(first) - 1 ? most : Math.min(most, first << doublings);
    }
}
