package dev.tenon.ws.client.step;

import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Runs calls that may block, for all clients without an executor, on daemon threads that end after a second without
 * work. Each call has a key, and a slow call delays only calls with the same key: at most {@value #THREADS_PER_KEY}
 * threads work for one key, and at most {@value #THREADS} in all.
 *
 * <p>A look-up of the platform cannot be interrupted, so a name whose DNS servers do not respond occupies its threads
 * until the system's timeout. Hence the limit per key, and a total limit far above the need of a few such names.
 */
public final class SharedExecutor {
    static final int THREADS_PER_KEY = 2;
    static final int THREADS = 256;

    private static final KeyedSemaphore<Object> KEYS = new KeyedSemaphore<>();
    private static final KeyedSemaphore<String> ALL = new KeyedSemaphore<>();
    private static final Executor POOL = pool();

    private SharedExecutor() {}

    private static Executor pool() {
        return new ThreadPoolExecutor(0, Integer.MAX_VALUE, 1, TimeUnit.SECONDS, new SynchronousQueue<>(), run -> {
            Thread thread = new Thread(null, run, "tenon-client-background", 0, false);
            thread.setDaemon(true);
            thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
            return thread;
        });
    }

    /**
     * Runs a task when a thread for its key is free.
     *
     * @param rejected called if the system cannot create a thread
     * @return removes the task, if it has not begun
     */
    static Runnable execute(Object key, Runnable task, Consumer<Throwable> rejected) {
        Call call = new Call(key, task, rejected);
        call.keyPermit.request();
        return call::withdraw;
    }

    private static final class Call implements Runnable {
        private final Runnable task;
        private final Consumer<Throwable> rejected;
        private final KeyedSemaphore<Object>.Permit keyPermit;
        private final KeyedSemaphore<String>.Permit permit;
        private final AtomicBoolean begun = new AtomicBoolean();

        Call(Object key, Runnable task, Consumer<Throwable> rejected) {
            this.task = task;
            this.rejected = rejected;
            this.permit = ALL.permit("", THREADS, this::start);
            this.keyPermit = KEYS.permit(key, THREADS_PER_KEY, permit::request);
        }

        private void start() {
            try {
                POOL.execute(this);
            } catch (Throwable noThread) { // an OutOfMemoryError if the system cannot create a thread
                withdraw();
                rejected.accept(noThread);
            }
        }

        @Override
        public void run() {
            if (begun.compareAndSet(false, true)) {
                try {
                    task.run();
                } finally {
                    release();
                }
            }
        }

        private void withdraw() {
            if (begun.compareAndSet(false, true)) {
                release();
            }
        }

        private void release() {
            permit.release();
            keyPermit.release();
        }
    }
}
