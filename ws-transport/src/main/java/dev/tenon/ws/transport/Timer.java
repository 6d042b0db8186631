package dev.tenon.ws.transport;

import org.jspecify.annotations.Nullable;

/** A scheduled task of an {@link EventLoop}. For the loop's own thread only. */
public final class Timer implements Comparable<Timer> {
    private final TimerQueue queue;
    private final long dueNanos;
    private final long number;
    private final Runnable task;

    Timer(TimerQueue queue, long dueNanos, long number, Runnable task) {
        this.queue = queue;
        this.dueNanos = dueNanos;
        this.number = number;
        this.task = task;
    }

    long dueNanos() {
        return dueNanos;
    }

    Runnable task() {
        return task;
    }

    /** Cancels the task. Does nothing if it has run. */
    public void cancel() {
        queue.remove(this);
    }

    @Override
    public int compareTo(Timer other) {
        long earlier = dueNanos - other.dueNanos; // the clock may wrap around
        return earlier != 0 ? Long.signum(earlier) : Long.compare(number, other.number);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
