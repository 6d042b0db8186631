package dev.tenon.ws.transport;

import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** What is to run at a certain time, the earliest first; in the order of scheduling where that is the same. */
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

    /** When the next one is due, or {@link Long#MAX_VALUE} if there is none. */
    long nextNanos() {
        Timer next = timers.peek();
        return next == null ? Long.MAX_VALUE : next.dueNanos();
    }

    /** Takes the next one whose time has come, or null. */
    @Nullable
    Timer pollDue(long nowNanos) {
        Timer next = timers.peek();
        if (next == null || next.dueNanos() - nowNanos > 0) {
            return null;
        }
        return timers.poll();
    }
}
