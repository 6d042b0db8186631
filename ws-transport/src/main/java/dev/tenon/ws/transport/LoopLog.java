package dev.tenon.ws.transport;

import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/** The log of this module. */
final class LoopLog {
    static final System.Logger LOG = System.getLogger("dev.tenon.ws.transport");

    private LoopLog() {}

    /** Logs if possible. Without file descriptors the first record of a logger may fail, which must not end a loop. */
    static void log(Level level, String message, @Nullable Throwable cause) {
        try {
            LOG.log(level, message, cause);
        } catch (Throwable unable) {
            // the failure of the log cannot be logged
        }
    }
}
