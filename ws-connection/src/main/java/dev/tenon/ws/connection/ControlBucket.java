package dev.tenon.ws.connection;

/**
 * The token bucket for the peer's control frames: it fills by time. Where the wire has no clock, time passes only at ticks.
 */
final class ControlBucket {
    private static final long UNSET = Wire.NO_CLOCK;
    private static final long SECOND = 1_000_000_000;

    private final ConnectionOptions options;
    private long filledAt;
    private float tokens;
    private boolean hasClock;

    /** A full bucket; the time is {@link Wire#NO_CLOCK} if it is not known yet. */
    ControlBucket(ConnectionOptions options, long nowNanos) {
        this.options = options;
        this.filledAt = nowNanos;
        this.tokens = options.controlFrameBurst();
    }

    /** Takes a token for a control frame; false if there is none left. */
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

    /** When a tick has to let time pass next. */
    long nextRefill() {
        boolean waits = !hasClock && filledAt != UNSET && tokens < options.controlFrameBurst();
        return waits ? filledAt + SECOND : Long.MAX_VALUE;
    }
}
