package dev.tenon.ws.connection;

import java.time.Duration;

/**
 * The deadlines of one connection, and the token bucket for control frames. Time is handed in; between two ticks only
 * flags change, so that receiving costs no look at a clock.
 */
final class Liveness {
    /** What a tick calls for. */
    enum Verdict {
        /** Nothing. */
        WELL,
        /** The peer has been silent for long: it is asked whether it is there. */
        PING,
        /** This end does not read, so it cannot answer pings: it says that it is there. */
        HEARTBEAT,
        /** The peer has not ended the connection in time, nor has anything moved that was sent before. */
        CLOSE_TIMED_OUT,
        /** The peer has not answered in time. */
        SILENT
    }

    private static final long UNSET = Long.MIN_VALUE;
    private static final Duration CENTURY = Duration.ofDays(36_525);
    private static final long REFILL_NANOS = 1_000_000_000;

    private final ConnectionOptions options;
    private long lastTick = UNSET;
    private long deadline = UNSET;
    /** Until when bytes that move put off the end of a closing connection. */
    private long drainEnd;

    private boolean heard;
    private boolean pinged;
    private boolean closing;
    /** How many keepalive pings may still be answered: an answer may come late, behind other frames. */
    private byte unanswered;

    private float controlTokens;

    Liveness(ConnectionOptions options) {
        this.options = options;
        this.controlTokens = options.controlFrameBurst();
    }

    /** Something has come from the peer, or it has taken something that waited. */
    void heard() {
        heard = true;
    }

    /** The closing handshake has begun: from the next tick on, its deadline runs and keepalive ends. */
    void closing() {
        if (!closing) {
            closing = true;
            deadline = UNSET;
        }
    }

    /** Takes a token for a control frame; false if there is none left. */
    boolean takeControlToken() {
        if (controlTokens < 1) {
            return false;
        }
        controlTokens--;
        return true;
    }

    /** Judges the connection at a point of time. */
    Verdict tick(long nowNanos, boolean paused) {
        if (lastTick != UNSET) {
            float refill = (nowNanos - lastTick) * 1e-9f * options.controlFramesPerSecond();
            controlTokens = Math.min(options.controlFrameBurst(), controlTokens + refill);
        }
        lastTick = nowNanos;
        if (closing) {
            return tickClosing(nowNanos);
        }
        if (options.pingInterval().isZero()) {
            return Verdict.WELL;
        }
        return paused ? tickPaused(nowNanos) : tickOpen(nowNanos);
    }

    /** A peer that this end does not read is never silent; but this end must not seem so either. */
    private Verdict tickPaused(long nowNanos) {
        heard = false;
        pinged = false;
        boolean due = deadline != UNSET && nowNanos - deadline >= 0;
        if (due || deadline == UNSET) {
            deadline = nowNanos + nanos(options.pingInterval());
        }
        return due ? Verdict.HEARTBEAT : Verdict.WELL;
    }

    private Verdict tickOpen(long nowNanos) {
        if (heard || deadline == UNSET) {
            heard = false;
            pinged = false;
            deadline = nowNanos + nanos(options.pingInterval());
            return Verdict.WELL;
        }
        if (nowNanos - deadline < 0) {
            return Verdict.WELL;
        }
        if (pinged) {
            return Verdict.SILENT;
        }
        pinged = true;
        unanswered = (byte) Math.min(unanswered + 1, Byte.MAX_VALUE);
        deadline = nowNanos + nanos(options.pongTimeout());
        return Verdict.PING;
    }

    /** The deadline runs from when bytes have last moved, or could have for the last time. */
    private Verdict tickClosing(long nowNanos) {
        if (deadline == UNSET) {
            drainEnd = nowNanos + nanos(options.drainTimeout());
            heard = true;
        }
        if (heard && nowNanos - drainEnd <= 0) {
            deadline = nowNanos + nanos(options.closeTimeout());
        }
        heard = false;
        return nowNanos - deadline < 0 ? Verdict.WELL : Verdict.CLOSE_TIMED_OUT;
    }

    /** Whether a pong with the payload of a keepalive ping can be the answer to one; it is taken for that then. */
    boolean takesPong() {
        if (unanswered == 0) {
            return false;
        }
        unanswered--;
        return true;
    }

    /** A duration of any length; one that would never end is as good as a century. */
    private static long nanos(Duration duration) {
        return duration.compareTo(CENTURY) < 0 ? duration.toNanos() : CENTURY.toNanos();
    }

    /** The next point of time at which a tick can call for something; in the past if one is due. */
    long nextDeadline() {
        if (lastTick == UNSET) {
            return Long.MAX_VALUE;
        }
        if (closing && deadline == UNSET) {
            return lastTick; // the next tick starts the deadline
        }
        long refill = controlTokens < options.controlFrameBurst() ? lastTick + REFILL_NANOS : Long.MAX_VALUE;
        return deadline == UNSET ? refill : Math.min(deadline, refill);
    }
}
