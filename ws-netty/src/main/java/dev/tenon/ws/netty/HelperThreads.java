package dev.tenon.ws.netty;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads of a client for calls that may block: at most {@value #MOST}, which end after a second without work and
 * keep no JVM alive. Thread-safe.
 */
final class HelperThreads implements AutoCloseable {
    static final int MOST = 16;

    private final ThreadPoolExecutor threads =
            new ThreadPoolExecutor(MOST, MOST, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), HelperThreads::create);

    HelperThreads() {
        threads.allowCoreThreadTimeOut(true);
    }

    /** Creates a thread that inherits no thread-local and no class loader of the caller. */
    private static Thread create(Runnable run) {
        Thread thread = new Thread(null, run, "tenon-netty-client-helper", 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
        return thread;
    }

    /** Makes a call on a thread of its own. Fails with an {@link IOException} after {@link #close}. */
    <T> CompletableFuture<T> call(Callable<T> call) {
        CompletableFuture<T> result = new CompletableFuture<>();
        try {
            threads.execute(() -> {
                try {
                    result.complete(call.call());
                } catch (Throwable failure) {
                    result.completeExceptionally(failure);
                }
            });
        } catch (RejectedExecutionException closed) {
            result.completeExceptionally(new IOException("the client is closed", closed));
        }
        return result;
    }

    /** Accepts no further calls. Calls that have been accepted end by themselves. */
    @Override
    public void close() {
        threads.shutdown();
    }
}
