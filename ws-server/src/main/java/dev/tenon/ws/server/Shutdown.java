package dev.tenon.ws.server;

import dev.tenon.ws.transport.EventLoops;
import dev.tenon.ws.transport.Link;
import dev.tenon.ws.transport.WebSocketProtocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Stops a server by a deadline. It runs on a thread of its own, so that the caller can stop waiting at the deadline
 * while a call of the application blocks a loop: {@code System.exit} in a listener, for instance, waits for a shutdown
 * hook that closes the server.
 */
final class Shutdown {
    /** The part of the deadline in which the loops end, after all connections have been aborted. */
    private static final long GRACE_NANOS = 250_000_000;
    /** The pause between two groups of closes, while the closes are spread over time. */
    private static final long STEP_NANOS = 20_000_000;

    private final EventLoops loops;
    private final Runnable stopAccepting;
    private final ShutdownOptions options;
    /** Counted down by a later call of {@code stop}, to end the pauses of this one. */
    private final CountDownLatch endPauses;

    private final Thread thread;
    private final long begin = System.nanoTime();
    private final long nanos;

    Shutdown(EventLoops loops, Runnable stopAccepting, ShutdownOptions options, CountDownLatch endPauses) {
        this.loops = loops;
        this.stopAccepting = stopAccepting;
        this.options = options;
        this.endPauses = endPauses;
        nanos = Math.max(Durations.nanos(options.deadline()), GRACE_NANOS);
        thread = new Thread(null, this::run, "tenon-server-stop", 0, false);
        thread.setDaemon(true);
    }

    private void run() {
        pause(Durations.nanos(options.notice()));
        stopAccepting.run();
        closeSpread();
        webSockets().forEach(this::close); // also those that have been opened meanwhile
        long left = Math.max(0, Durations.nanos(options.deadline()) - (System.nanoTime() - begin));
        loops.stop(Duration.ofNanos(left - Math.min(left / 8, GRACE_NANOS)));
    }

    /** Waits, unless a later call ends the pauses. */
    private void pause(long duration) {
        try {
            endPauses.await(duration, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) { // no one has a reference to this thread, so the process is ending
            Thread.currentThread().interrupt();
        }
    }

    private void closeSpread() {
        long spread = Durations.nanos(options.spread());
        if (spread == 0) {
            return;
        }
        List<WebSocketProtocol> all = webSockets();
        Collections.shuffle(all);
        long start = System.nanoTime();
        int closed = 0;
        while (closed < all.size() && endPauses.getCount() > 0) {
            double passed = Math.min(1, (double) (System.nanoTime() - start) / spread);
            for (long due = (long) (passed * all.size()); closed < due; closed++) {
                close(all.get(closed));
            }
            pause(Math.min(STEP_NANOS, spread));
        }
    }

    private List<WebSocketProtocol> webSockets() {
        List<WebSocketProtocol> all = new ArrayList<>();
        for (Link link : loops.openLinks()) {
            if (link.protocol() instanceof WebSocketProtocol webSocket) {
                all.add(webSocket);
            }
        }
        return all;
    }

    private void close(WebSocketProtocol each) {
        try {
            each.webSocket().close(options.code(), options.reason());
        } catch (RejectedExecutionException ended) {
            // its loop has ended, and the connection with it
        }
    }

    /** Waits for the end; returns whether it came by the deadline. An interrupt does not end the waiting, and is kept. */
    boolean await() {
        thread.start();
        boolean interrupted = false;
        while (thread.isAlive()) {
            long left = nanos - (System.nanoTime() - begin);
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
