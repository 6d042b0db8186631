package dev.tenon.ws.transport;

import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** Scheduled tasks, the earliest first; tasks with equal times in the order of scheduling. */
final class TimerQueue {
    private final PriorityQueue<Timer> timers = new PriorityQueue<>();
    private long scheduled;

    Timer add(long dueNanos, Runnable task) {
        Timer timer = new Timer(this, dueNanos, scheduled++, task);
        timers.add(timer);
        return timer;
    }

    void remove(Timer timer) {
        timers.remove(timer);
    }

    boolean isEmpty() {
        return timers.isEmpty();
    }

    /** The time of the next task, or {@link Long#MAX_VALUE} if there is none. */
    long nextNanos() {
        Timer next = timers.peek();
        return next == null ? Long.MAX_VALUE : next.dueNanos();
    }

    /** Removes the next task whose time has come; null if there is none. */
    @Nullable
    Timer pollDue(long nowNanos) {
        Timer next = timers.peek();
        if (next == null || next.dueNanos() - nowNanos > 0) {
            return null;
        }
        return timers.poll();
    }
}
