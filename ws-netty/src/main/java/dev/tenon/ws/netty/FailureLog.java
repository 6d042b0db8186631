package dev.tenon.ws.netty;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A log for one kind of failure, which clients may cause at any rate. It writes one line in ten seconds at its level, and
 * the others at DEBUG. Thread-safe.
 */
final class FailureLog {
    private static final Logger LOG = System.getLogger("dev.tenon.ws.netty");
    private static final long PERIOD_NANOS = 10_000_000_000L;

    private final Level level;
    private final String message;
    /** The time from which the next line has the level of this log. */
    private final AtomicLong next = new AtomicLong(System.nanoTime());

    FailureLog(Level level, String message) {
        this.level = level;
        this.message = message;
    }

    void log(Throwable thrown) {
        long due = next.get();
        long now = System.nanoTime();
        boolean isDue = now - due >= 0 && next.compareAndSet(due, now + PERIOD_NANOS);
        LOG.log(isDue ? level : Level.DEBUG, message, thrown);
    }
}
