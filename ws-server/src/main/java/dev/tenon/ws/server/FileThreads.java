package dev.tenon.ws.server;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads on which a server reads files, because a disk may block. The first request for a file starts them, and they
 * end ten seconds after the last one. A connection has at most one task here at a time. Thread-safe.
 */
final class FileThreads implements Executor {
    private static final int MOST = 4;

    private final ThreadPoolExecutor pool =
            new ThreadPoolExecutor(MOST, MOST, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), FileThreads::thread);

    FileThreads() {
        pool.allowCoreThreadTimeOut(true);
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(null, task, "tenon-server-files", 0, false);
        thread.setContextClassLoader(null);
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void execute(Runnable task) {
        pool.execute(task);
    }

    /** Ends the threads. Tasks that wait are dropped, because their connections have ended. */
    void stop() {
        pool.shutdownNow();
    }
}
