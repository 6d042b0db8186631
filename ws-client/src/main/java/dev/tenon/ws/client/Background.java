package dev.tenon.ws.client;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The executor of clients that are given none: a few daemon threads, which go away when there is nothing to do. */
final class Background {
    private static final int THREADS = 8;

    private Background() {}

    static Executor executor() {
        return Pool.INSTANCE;
    }

    private static final class Pool {
        static final Executor INSTANCE = start();

        private static Executor start() {
            ThreadPoolExecutor pool =
                    new ThreadPoolExecutor(THREADS, THREADS, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), run -> {
                        Thread thread = new Thread(run, "tenon-client-background");
                        thread.setDaemon(true);
                        return thread;
                    });
            pool.allowCoreThreadTimeOut(true);
            return pool;
        }
    }
}
