package dev.tenon.ws.topics.nats;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Decides when a task that is tried again and again will not succeed soon, and reports that once. Time is a parameter, from a
 * monotonic clock. Thread-safe.
 */
final class Patience {
    static final Duration LIMIT = Duration.ofMinutes(1);

    private static final System.Logger LOG = System.getLogger("dev.tenon.ws.topics.nats");

    private final long limitNanos;
    private final Consumer<IOException> report;

    // Guarded by this.
    private @Nullable Long firstFailure;
    private boolean over;

    /**
     * Patience with a task that has not failed.
     *
     * @param limit how long the task may fail
     * @param report receives the failure with which the patience ends
     */
    Patience(Duration limit, Consumer<IOException> report) {
        limitNanos = limit.toNanos();
        this.report = report;
    }

    /** Patience that logs a warning at its end. */
    static Patience logging(Duration limit, String warning) {
        return new Patience(limit, failure -> LOG.log(System.Logger.Level.WARNING, warning, failure));
    }

    /** The task has succeeded, or there is a new reason to begin again. */
    synchronized void begin() {
        firstFailure = null;
        over = false;
    }

    /** The task has failed; returns whether the patience is over. */
    boolean isOverAfter(IOException failure, long now) {
        synchronized (this) {
            long since = firstFailure == null ? now : firstFailure;
            firstFailure = since;
            if (over || (now - since < limitNanos && !(failure instanceof OtherLimitsException))) {
                return over;
            }
            over = true;
        }
        report.accept(failure);
        return true;
    }
}
