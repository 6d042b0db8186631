package dev.tenon.ws.topics.nats;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Tasks that run after a delay, on the JDK's thread for timers: they must not block. After {@link #end} none is kept. Thread-safe. */
final class DelayedTasks {
    /** A delay that completes its future at the end. */
    private static final class Timer {
        final CompletableFuture<@Nullable Void> over = new CompletableFuture<>();
    }

    // Guarded by this.
    private final Set<Timer> timers = new HashSet<>();
    private boolean ended;

    /** Runs a task after a delay, unless {@link #end} is called before. */
    void run(Runnable task, Duration delay) {
        Timer timer = new Timer();
        synchronized (this) {
            if (ended) {
                return;
            }
            timers.add(timer);
        }
        var unused = timer.over.thenRun(() -> {
            if (remove(timer)) {
                task.run();
            }
        });
        timer.over.completeOnTimeout(null, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    private synchronized boolean remove(Timer timer) {
        return timers.remove(timer);
    }

    /** Drops the tasks that have not begun. */
    void end() {
        List<Timer> left;
        synchronized (this) {
            ended = true;
            left = List.copyOf(timers);
            timers.clear();
        }
        left.forEach(timer -> timer.over.complete(null)); // a JDK before 21 keeps the timer of a cancelled future
    }
}
