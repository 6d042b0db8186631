package dev.tenon.ws.client.jdk;

import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Off the event loop: the executor of who brings none, and what futures need on the way to any. */
final class Threads {
    private static final Executor EXECUTOR =
            new ThreadPoolExecutor(0, Integer.MAX_VALUE, 5, TimeUnit.SECONDS, new SynchronousQueue<>(), run -> {
                Thread thread = new Thread(null, run, "tenon-client-jdk", 0, false); // inherits no thread-locals
                thread.setDaemon(true);
                thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
                return thread;
            });

    private Threads() {}

    /** A daemon thread for each call that waits, as the JDK's client has them. */
    static Executor executor() {
        return EXECUTOR;
    }

    /** Runs on an executor, or here if it rejects: no future may be left without an end. */
    static void run(Executor executor, Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException rejected) {
            task.run();
        }
    }

    /** What a future has wrapped. */
    static Throwable cause(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }
}
