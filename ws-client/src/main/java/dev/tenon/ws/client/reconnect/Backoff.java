package dev.tenon.ws.client.reconnect;

import dev.tenon.ws.client.ReconnectPolicy;
import dev.tenon.ws.client.step.Nanos;
import java.util.OptionalLong;
import java.util.function.DoubleSupplier;

/** Counts losses in a row, and says how long to wait after each (RFC 6455 §7.2.3). Time and chance are handed in. */
public final class Backoff {
    private final ReconnectPolicy policy;
    /** Gives numbers from 0 to 1, without 1. */
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

    /** Counts a loss; returns how many in a row that makes. */
    public int lost(long nowNanos) {
        if (open && nowNanos - openedAt >= Nanos.of(policy.stableAfter())) {
            failures = 0;
        }
        open = false;
        if (failures == 0) {
            rowBegan = nowNanos;
        }
        failures = Math.max(failures, failures + 1); // stays where it is at the end of its range
        return failures;
    }

    /**
     * How long to wait now, or nothing if it is time to give up.
     *
     * @param least nanoseconds that the server has asked for
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
