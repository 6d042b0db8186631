package dev.tenon.ws.connection;

import static dev.tenon.ws.connection.ProgressWatch.nanos;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The deadlines of one connection. Time is handed in; between two ticks only flags and counts change, so that receiving
 * costs no look at a clock.
 */
final class Liveness {
    private static final long UNSET = Wire.NO_CLOCK;
    private static final Duration FOREVER = Duration.ofDays(100_000);

    private final ConnectionOptions options;
    private long lastTick = UNSET;
    private long deadline = UNSET;

    private boolean heard;
    private boolean pinged;
    private boolean closing;

    /** Exists while bytes wait. */
    private @Nullable ProgressWatch writing;
    /** Exists while a message is being joined. */
    private @Nullable JoiningWatch joining;
    /** Exists if there is an idle timeout, and, once the connection is closing, for the time that may take in all. */
    private @Nullable ProgressWatch idling;

    Liveness(ConnectionOptions options) {
        this.options = options;
    }

    /** What is looked at by a tick, as it stands now. */
    interface Sight {
        /** Bytes that wait to be sent. */
        long backlog();

        /** Bytes that have been sent so far. */
        long left();

        /** Messages that have gone either way so far. */
        long messages();

        /** Messages that have come so far. */
        long received();

        /** How many bytes of a message that is being joined are here; negative if none is. */
        long joined();

        /** Whether this end does not read. */
        boolean isStalled();

        /** Lets time pass for what is counted by time. */
        void refill(long nowNanos);

        /** When that has to be done next. */
        long nextRefill();
    }

    ConnectionOptions options() {
        return options;
    }

    /** The time of the last tick, or {@link Wire#NO_CLOCK} before the first. */
    long lastTick() {
        return lastTick;
    }

    /** Something has come from the peer. */
    void heard() {
        heard = true;
    }

    /** The closing handshake has begun: from the next tick on, its deadline runs and all others end. */
    void closing() {
        if (!closing) {
            closing = true;
            deadline = UNSET;
            joining = null;
            idling = null;
        }
    }

    /** The Close frame has left only now: the deadline begins anew. */
    void closeSent() {
        deadline = UNSET;
        idling = null;
    }

    /** What is due at a point of time. */
    Verdict tick(long nowNanos, Sight sight) {
        sight.refill(nowNanos);
        lastTick = nowNanos;
        lookAtWriting(nowNanos, sight);
        if (closing) {
            return tickClosing(nowNanos);
        }
        Verdict due = tickProgress(nowNanos, sight);
        if (due != Verdict.NOTHING_DUE || options.pingInterval().isZero()) {
            return due;
        }
        return sight.isStalled() ? tickPaused(nowNanos) : tickOpen(nowNanos);
    }

    /** A peer that takes what has waited is there. What a socket swallows without waiting proves nothing. */
    private void lookAtWriting(long nowNanos, Sight sight) {
        if (writing != null) {
            heard |= writing.look(nowNanos, sight.left());
        }
        if (sight.backlog() == 0) {
            writing = null;
        } else if (writing == null) {
            writing = new ProgressWatch(nowNanos, sight.left(), options.writeTimeout(), FOREVER);
        }
    }

    private Verdict tickProgress(long nowNanos, Sight sight) {
        lookAtJoining(nowNanos, sight);
        lookAtIdling(nowNanos, sight);
        if (writing != null && writing.isStalled(nowNanos)) {
            return Verdict.WRITE_STALLED;
        }
        if (joining != null && joining.isStalled(nowNanos)) {
            return Verdict.MESSAGE_STALLED;
        }
        if (joining != null && joining.isOver(nowNanos)) {
            return Verdict.MESSAGE_TOO_SLOW;
        }
        return idling != null && idling.isStalled(nowNanos) ? Verdict.IDLE : Verdict.NOTHING_DUE;
    }

    private void lookAtJoining(long nowNanos, Sight sight) {
        long joined = sight.joined();
        if (joined < 0 || sight.isStalled()) { // what this end does not read cannot go on
            joining = null;
        } else if (joining == null || joining.message != sight.received()) {
            joining = new JoiningWatch(sight.received(), nowNanos, joined, options);
        } else {
            joining.look(nowNanos, joined);
        }
    }

    /** Watches one message. */
    private static final class JoiningWatch extends ProgressWatch {
        /** How many messages had come before it. */
        private final long message;

        JoiningWatch(long message, long nowNanos, long joined, ConnectionOptions options) {
            super(nowNanos, joined, options.messageProgressTimeout(), options.messageTimeout());
            this.message = message;
        }
    }

    private void lookAtIdling(long nowNanos, Sight sight) {
        if (idling != null) {
            idling.look(nowNanos, sight.messages());
        } else if (!options.idleTimeout().isZero()) {
            idling = new ProgressWatch(nowNanos, sight.messages(), options.idleTimeout(), FOREVER);
        }
    }

    /** A peer that this end does not read is never silent; but this end must not seem so either. */
    private Verdict tickPaused(long nowNanos) {
        heard = false;
        pinged = false;
        boolean due = deadline != UNSET && nowNanos - deadline >= 0;
        if (due || deadline == UNSET) {
            deadline = nowNanos + nanos(options.pingInterval());
        }
        return due ? Verdict.HEARTBEAT : Verdict.NOTHING_DUE;
    }

    private Verdict tickOpen(long nowNanos) {
        if (heard || deadline == UNSET) {
            heard = false;
            pinged = false;
            deadline = nowNanos + nanos(options.pingInterval());
            return Verdict.NOTHING_DUE;
        }
        if (nowNanos - deadline < 0) {
            return Verdict.NOTHING_DUE;
        }
        if (pinged) {
            return Verdict.SILENT;
        }
        pinged = true;
        deadline = nowNanos + nanos(options.pongTimeout());
        return Verdict.PING;
    }

    /** The deadline runs from when bytes have last moved, or could have for the last time. */
    private Verdict tickClosing(long nowNanos) {
        ProgressWatch drain = idling;
        if (drain == null) {
            drain = new ProgressWatch(nowNanos, 0, options.closeTimeout(), options.drainTimeout());
            idling = drain;
            heard = true;
        }
        if (heard && (!drain.isOver(nowNanos) || nowNanos == drain.end())) {
            deadline = nowNanos + nanos(options.closeTimeout());
        }
        heard = false;
        return nowNanos - deadline < 0 ? Verdict.NOTHING_DUE : Verdict.CLOSE_TIMED_OUT;
    }

    /** The next point of time at which a tick can call for something; in the past if one is due. */
    long nextDeadline(Sight sight) {
        if (lastTick == UNSET) {
            return Long.MAX_VALUE;
        }
        boolean begins = (closing && deadline == UNSET)
                || (writing == null && sight.backlog() > 0)
                || (joining == null && !closing && sight.joined() >= 0 && !sight.isStalled());
        if (begins) {
            return lastTick; // the next tick starts the deadline
        }
        long next = Math.min(deadline == UNSET ? Long.MAX_VALUE : deadline, nextLook());
        next = closing ? next : Math.min(next, Math.min(next(writing), Math.min(next(joining), next(idling))));
        return Math.min(next, sight.nextRefill());
    }

    /**
     * When to look whether the peer has been heard. What is received is not timed: so the end of a silence is found out a
     * quarter of the ping interval late at most, and an answer to a ping at once.
     */
    private long nextLook() {
        if (!heard || options.pingInterval().isZero()) {
            return Long.MAX_VALUE;
        }
        return pinged ? lastTick : lastTick + nanos(options.pingInterval()) / 4;
    }

    private static long next(@Nullable ProgressWatch watch) {
        return watch == null ? Long.MAX_VALUE : watch.next();
    }
}
