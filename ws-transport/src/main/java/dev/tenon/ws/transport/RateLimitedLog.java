package dev.tenon.ws.transport;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * A log for events that peers or applications can cause at any rate. It writes at most ten lines in ten seconds, and
 * the number of omitted ones.
 */
public final class RateLimitedLog {
    static final int MOST = 10;
    static final long PERIOD_NANOS = 10_000_000_000L;

    private final Logger log;
    private final Level level;
    private long begin;
    private long count;

    /**
     * A log with its own limit.
     *
     * @param log the logger
     * @param level the level of all lines
     */
    public RateLimitedLog(Logger log, Level level) {
        this.log = log;
        this.level = level;
    }

    /**
     * Logs a line unless the limit is exceeded. Safe from any thread.
     *
     * @param message the event
     * @param cause the exception, or null
     */
    public void log(String message, @Nullable Throwable cause) {
        log(message, cause, System.nanoTime());
    }

    void log(String message, @Nullable Throwable cause, long nowNanos) {
        long omitted;
        synchronized (this) {
            omitted = 0;
            if (count == 0 || nowNanos - begin >= PERIOD_NANOS) {
                omitted = Math.max(0, count - MOST);
                begin = nowNanos;
                count = 0;
            }
            count++;
            if (count > MOST) {
                return;
            }
        }
        String line = omitted == 0 ? message : message + " (" + omitted + " of the kind before were left out)";
        try {
            log.log(level, line, cause);
        } catch (RuntimeException | Error unable) { // for example without file descriptors
            // the failure of the log cannot be logged
        }
    }
}
