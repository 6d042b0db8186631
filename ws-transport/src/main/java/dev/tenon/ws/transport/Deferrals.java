package dev.tenon.ws.transport;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;

/** Deferred tasks, each with the link that owns it. A task that throws closes its link and no other. */
final class Deferrals {
    private static final RateLimitedLog FAILURES = new RateLimitedLog(LoopLog.LOG, Level.ERROR);

    private record Deferred(Link owner, Runnable task) {}

    private final ArrayDeque<Deferred> queue = new ArrayDeque<>();
    private final Runnable flush;

    /**
     * An empty list.
     *
     * @param flush sends the bytes that a task has corked
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

    /** Runs the tasks, and the tasks that they add, up to a number. */
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

    /** Logs an exception that the network has not caused. */
    static void report(Throwable cause) {
        if (!(cause instanceof IOException)) {
            FAILURES.log("a connection has failed because of an internal error", cause);
        }
    }
}
