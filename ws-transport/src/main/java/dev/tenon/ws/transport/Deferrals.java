package dev.tenon.ws.transport;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;

/** Work that was put off, each piece with the link that owns it: what the work throws closes that link and no other. */
final class Deferrals {
    private static final RateLimitedLog FAILURES = new RateLimitedLog(LoopLog.LOG, Level.ERROR);

    private record Deferred(Link owner, Runnable task) {}

    private final ArrayDeque<Deferred> queue = new ArrayDeque<>();
    private final Runnable flush;

    /**
     * Work without any.
     *
     * @param flush sends what a piece of work has corked
     */
    Deferrals(Runnable flush) {
        this.flush = flush;
    }

    void add(Link owner, Runnable task) {
        queue.add(new Deferred(owner, task));
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    /** Does what is there, and what comes of it, but no more than a number of pieces. */
    void run(int most) {
        for (int i = 0; i < most && !queue.isEmpty(); i++) {
            Deferred next = queue.remove();
            run(next.owner, next.task);
            flush.run();
        }
    }

    /** Runs a task for a link, and closes the link if it throws. */
    static void run(Link owner, Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            if (owner.isClosed()) {
                FAILURES.log("a listener has failed at the end of its connection", e);
            } else {
                report(e);
                owner.failed(e);
            }
        }
    }

    /** Logs what is not the network's doing. */
    static void report(Throwable cause) {
        if (!(cause instanceof IOException)) {
            FAILURES.log("a connection has failed for a reason of this end's own", cause);
        }
    }
}
