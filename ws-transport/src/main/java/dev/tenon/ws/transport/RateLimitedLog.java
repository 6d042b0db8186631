package dev.tenon.ws.transport;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/** Logs what peers or applications can cause at any rate: at most ten lines in ten seconds, and how many it left out. */
public final class RateLimitedLog {
    static final int MOST = 10;
    static final long PERIOD_NANOS = 10_000_000_000L;

    private final Logger log;
    private final Level level;
    private long begin;
    private long count;

    /**
     * A log with a limit of its own.
     *
     * @param log where to
     * @param level at which level
     */
    public RateLimitedLog(Logger log, Level level) {
        this.log = log;
        this.level = level;
    }

    /**
     * Logs, if there were not too many lines. Safe from any thread.
     *
     * @param message what has happened
     * @param cause why, or null
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
        } catch (RuntimeException | Error unable) { // without descriptors, say: that must not end who wants to tell it
            // there is no one left to tell
        }
    }
}
