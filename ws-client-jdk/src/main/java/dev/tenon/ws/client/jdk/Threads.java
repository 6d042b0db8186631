package dev.tenon.ws.client.jdk;

import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The default executor of listeners, and helpers for futures that complete on an executor. */
final class Threads {
    private static final Executor EXECUTOR =
            new ThreadPoolExecutor(0, Integer.MAX_VALUE, 5, TimeUnit.SECONDS, new SynchronousQueue<>(), run -> {
                Thread thread = new Thread(null, run, "tenon-client-jdk", 0, false); // inherits no thread-locals
                thread.setDaemon(true);
                thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
                return thread;
            });

    private Threads() {}

    /** An executor of daemon threads, one for each waiting call, as in the JDK's client. */
    static Executor executor() {
        return EXECUTOR;
    }

    /**
     * Runs a task on an executor, or on this thread if the executor refuses it by any exception, so that every future
     * completes. The task completes a future, so it can run twice and does not throw.
     */
    static void run(Executor executor, Runnable task) {
        try {
            executor.execute(task);
        } catch (Throwable refused) {
            task.run();
        }
    }

    /** The exception that a future has wrapped. */
    static Throwable cause(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }
}
