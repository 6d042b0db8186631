package dev.tenon.ws.connection;

import static dev.tenon.ws.connection.ProgressWatch.nanos;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The deadlines of one connection. The caller passes the time to {@link #tick}. Between two ticks only flags and
 * counters change, so that this class reads no clock when bytes arrive.
 */
final class Liveness {
    private static final long UNSET = Wire.NO_CLOCK;
    private static final Duration FOREVER = Duration.ofDays(100_000);

    private final ConnectionOptions options;
    private long lastTick = UNSET;
    private long deadline = UNSET;

    private boolean hasReceived;
    private boolean pinged;
    private boolean closing;

    /** Not null while bytes wait. */
    private @Nullable ProgressWatch writing;
    /** Not null while a message is in assembly. */
    private @Nullable JoiningWatch joining;
    /**
     * The watch for the idle timeout. While the connection is closing, the watch for the total duration of the close.
     */
    private @Nullable ProgressWatch idling;

    Liveness(ConnectionOptions options) {
        this.options = options;
    }

    /** The state of the connection that a tick reads. */
    interface Activity {
        /** Bytes that wait to be sent. */
        long backlog();

        /** Bytes that have left so far. */
        long left();

        /** Messages in both directions so far. */
        long messages();

        /** Messages of the peer that have ended so far, in front of the extensions. */
        long ended();

        /** How many bytes of an unfinished message have arrived, in front of the extensions; negative if there is none. */
        long joined();

        /** Whether this end does not read. */
        boolean isStalled();

        /** Refills the token bucket up to the given time. */
        void refill(long nowNanos);

        /** When the token bucket has to be refilled next. */
        long nextRefill();
    }

    ConnectionOptions options() {
        return options;
    }

    /** The time of the last tick, or {@link Wire#NO_CLOCK} before the first. */
    long lastTick() {
        return lastTick;
    }

    /** Bytes have arrived from the peer. */
    void recordReceived() {
        hasReceived = true;
    }

    /** The connection is closing: from the next tick on, only the close deadline runs. */
    void closing() {
        if (!closing) {
            closing = true;
            deadline = UNSET;
            joining = null;
            idling = null;
        }
    }

    /** The Close frame has been sent only now: the close deadline starts again. */
    void closeSent() {
        deadline = UNSET;
        idling = null;
    }

    /** Returns the action that is due. */
    TickResult tick(long nowNanos, Activity activity) {
        activity.refill(nowNanos);
        lastTick = nowNanos;
        lookAtWriting(nowNanos, activity);
        if (closing) {
            return tickClosing(nowNanos);
        }
        TickResult due = tickProgress(nowNanos, activity);
        if (due != TickResult.NOTHING_DUE || options.pingInterval().isZero()) {
            return due;
        }
        return activity.isStalled() ? tickPaused(nowNanos) : tickOpen(nowNanos);
    }

    /** A peer is alive if it accepts bytes that had to wait. Bytes that a socket accepts at once prove nothing. */
    private void lookAtWriting(long nowNanos, Activity activity) {
        if (writing != null) {
            hasReceived |= writing.look(nowNanos, activity.left());
        }
        if (activity.backlog() == 0) {
            writing = null;
        } else if (writing == null) {
            writing = new ProgressWatch(nowNanos, activity.left(), options.writeTimeout(), FOREVER);
        }
    }

    private TickResult tickProgress(long nowNanos, Activity activity) {
        lookAtJoining(nowNanos, activity);
        lookAtIdling(nowNanos, activity);
        if (writing != null && writing.isStalled(nowNanos)) {
            return TickResult.WRITE_STALLED;
        }
        if (joining != null && joining.isStalled(nowNanos)) {
            return TickResult.MESSAGE_STALLED;
        }
        if (joining != null && joining.isOver(nowNanos)) {
            return TickResult.MESSAGE_TOO_SLOW;
        }
        return idling != null && idling.isStalled(nowNanos) ? TickResult.IDLE : TickResult.NOTHING_DUE;
    }

    private void lookAtJoining(long nowNanos, Activity activity) {
        long joined = activity.joined();
        if (joined < 0 || activity.isStalled()) { // a message cannot make progress while this end does not read
            joining = null;
        } else if (joining == null || joining.message != activity.ended()) {
            joining = new JoiningWatch(activity.ended(), nowNanos, joined, options);
        } else {
            joining.look(nowNanos, joined);
        }
    }

    /** The watch for one message. */
    private static final class JoiningWatch extends ProgressWatch {
        /** How many messages had arrived before this one. */
        private final long message;

        JoiningWatch(long message, long nowNanos, long joined, ConnectionOptions options) {
            super(nowNanos, joined, options.messageProgressTimeout(), options.messageTimeout());
            this.message = message;
        }
    }

    private void lookAtIdling(long nowNanos, Activity activity) {
        if (idling != null) {
            idling.look(nowNanos, activity.messages());
        } else if (!options.idleTimeout().isZero()) {
            idling = new ProgressWatch(nowNanos, activity.messages(), options.idleTimeout(), FOREVER);
        }
    }

    /**
     * While this end does not read, the peer does not count as silent. This end sends heartbeats, so that the peer does
     * not consider it dead.
     */
    private TickResult tickPaused(long nowNanos) {
        hasReceived = false;
        pinged = false;
        boolean due = deadline != UNSET && nowNanos - deadline >= 0;
        if (due || deadline == UNSET) {
            deadline = nowNanos + nanos(options.pingInterval());
        }
        return due ? TickResult.HEARTBEAT : TickResult.NOTHING_DUE;
    }

    private TickResult tickOpen(long nowNanos) {
        if (hasReceived || deadline == UNSET) {
            hasReceived = false;
            pinged = false;
            deadline = nowNanos + nanos(options.pingInterval());
            return TickResult.NOTHING_DUE;
        }
        if (nowNanos - deadline < 0) {
            return TickResult.NOTHING_DUE;
        }
        if (pinged) {
            return TickResult.SILENT;
        }
        pinged = true;
        deadline = nowNanos + nanos(options.pongTimeout());
        return TickResult.PING;
    }

    /** The close deadline starts again when bytes move, until the drain timeout has passed. */
    private TickResult tickClosing(long nowNanos) {
        ProgressWatch drain = idling;
        if (drain == null) {
            drain = new ProgressWatch(nowNanos, 0, options.closeTimeout(), options.drainTimeout());
            idling = drain;
            hasReceived = true;
        }
        if (hasReceived && (!drain.isOver(nowNanos) || nowNanos == drain.end())) {
            deadline = nowNanos + nanos(options.closeTimeout());
        }
        hasReceived = false;
        return nowNanos - deadline < 0 ? TickResult.NOTHING_DUE : TickResult.CLOSE_TIMED_OUT;
    }

    /** Returns when the next tick is needed; a time in the past if a tick is due now. */
    long nextDeadline(Activity activity) {
        if (lastTick == UNSET) {
            return Long.MAX_VALUE;
        }
        boolean begins = (closing && deadline == UNSET)
                || (writing == null && activity.backlog() > 0)
                || (joining == null && !closing && activity.joined() >= 0 && !activity.isStalled());
        if (begins) {
            return lastTick; // the next tick starts the new deadline
        }
        long next = Math.min(deadline == UNSET ? Long.MAX_VALUE : deadline, nextLook());
        next = closing ? next : Math.min(next, Math.min(next(writing), Math.min(next(joining), next(idling))));
        return Math.min(next, activity.nextRefill());
    }

    /**
     * Returns when to check whether bytes have arrived from the peer. The arrival of bytes sets a flag and stores no
     * time. So the end of a silence is detected at most a quarter of the ping interval late, and an answer to a ping at
     * once.
     */
    private long nextLook() {
        if (!hasReceived || options.pingInterval().isZero()) {
            return Long.MAX_VALUE;
        }
        return pinged ? lastTick : lastTick + nanos(options.pingInterval()) / 4;
    }

    private static long next(@Nullable ProgressWatch watch) {
        return watch == null ? Long.MAX_VALUE : watch.next();
    }
}
