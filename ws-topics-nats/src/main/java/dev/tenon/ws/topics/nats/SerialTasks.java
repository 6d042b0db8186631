package dev.tenon.ws.topics.nats;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs tasks that may block, one after the other, on a thread of its own. Thread-safe. */
final class SerialTasks {
    /** A task that may fail. */
    interface Task {
        void run() throws Exception;
    }

    private final ScheduledThreadPoolExecutor executor;
    private final DelayedTasks delayed = new DelayedTasks();

    SerialTasks(String threadName) {
        executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, threadName);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Runs a task; the stage fails with an {@link IOException} if the task does, or after {@link #shutdown}. */
    CompletionStage<@Nullable Void> run(Task task) {
        CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
        try {
            executor.execute(() -> {
                try {
                    task.run();
                    done.complete(null);
                } catch (Exception failure) {
                    done.completeExceptionally(NatsBackbone.unreachable(failure));
                }
            });
        } catch (RejectedExecutionException closed) {
            done.completeExceptionally(new IOException("this node is closed", closed));
        }
        return done;
    }

    /** Runs a task after a delay, unless {@link #shutdown} is called before. */
    void runLater(Task task, Duration delay) {
        delayed.run(() -> run(task), delay);
    }

    /** Runs a task now and after each period, also after an exception, which the thread's handler receives. */
    void runPeriodically(Runnable task, long periodNanos) {
        var unused = executor.scheduleAtFixedRate(() -> runSafely(task), 0, periodNanos, TimeUnit.NANOSECONDS);
    }

    /** Runs a task. The handler of this thread receives an exception or an error, and the caller goes on. */
    static void runSafely(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error thrown) {
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, thrown);
        }
    }

    /** Ends the thread behind the tasks that were submitted. */
    void shutdown() {
        delayed.end();
        executor.shutdown();
    }
}
