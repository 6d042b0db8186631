package dev.tenon.ws.server;

import dev.tenon.ws.transport.EventLoops;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Stops event loops by a deadline. The waiting is done by a thread of its own, because the end of a loop cannot be waited
 * for with a deadline while a call of the application blocks it: {@code System.exit} in a listener, for instance, which
 * waits for a shutdown hook that closes the server.
 */
final class Shutdown {
    /** How much of the deadline is left to the loops, which end once all connections have been aborted. */
    private static final long GRACE_NANOS = 250_000_000;

    private final Thread thread;
    private final long nanos;

    Shutdown(EventLoops loops, Duration deadline) {
        long given = Durations.nanos(deadline);
        nanos = Math.max(given, GRACE_NANOS);
        Duration ofClients = Duration.ofNanos(given - Math.min(given / 8, GRACE_NANOS));
        thread = new Thread(null, () -> loops.stop(ofClients), "tenon-server-stop", 0, false);
        thread.setDaemon(true);
    }

    /** Returns whether everything has ended in time. An interrupt of the caller ends no waiting, and is kept. */
    boolean await() {
        thread.start();
        long end = System.nanoTime() + nanos;
        boolean interrupted = false;
        while (thread.isAlive()) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                break;
            }
            try {
                TimeUnit.NANOSECONDS.timedJoin(thread, left);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }
}
