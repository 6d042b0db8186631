package dev.tenon.ws.server;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads on which a server reads files, since a disk may block. There are none until a file is asked for, and none
 * ten seconds after the last one. A connection has one task here at a time at most. Thread-safe.
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

    /** Takes no more tasks; those that wait are dropped, since their connections have ended. */
    void stop() {
        pool.shutdownNow();
    }
}
