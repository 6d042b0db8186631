package dev.tenon.ws.connection;

/**
 * The token bucket for the peer's frames without content, which fills over time. If the wire has no clock, it fills
 * only at ticks.
 */
final class ControlBucket {
    private static final long UNSET = Wire.NO_CLOCK;
    private static final long SECOND = 1_000_000_000;

    private final ConnectionOptions options;
    private long filledAt;
    private float tokens;
    private boolean hasClock;

    /** Creates a full bucket. The time is {@link Wire#NO_CLOCK} if it is not known yet. */
    ControlBucket(ConnectionOptions options, long nowNanos) {
        this.options = options;
        this.filledAt = nowNanos;
        this.tokens = options.controlFrameBurst();
    }

    /** Takes a token for a frame; returns false if there is none. */
    boolean take(long nowNanos) {
        if (nowNanos != Wire.NO_CLOCK) {
            hasClock = true;
            refill(nowNanos);
        }
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }

    void refill(long nowNanos) {
        if (filledAt != UNSET) {
            float more = (nowNanos - filledAt) * 1e-9f * options.controlFramesPerSecond();
            tokens = Math.min(options.controlFrameBurst(), tokens + more);
        }
        filledAt = nowNanos;
    }

    /** Returns when a tick has to refill the bucket next. */
    long nextRefill() {
        boolean waits = !hasClock && filledAt != UNSET && tokens < options.controlFrameBurst();
        return waits ? filledAt + SECOND : Long.MAX_VALUE;
    }
}
