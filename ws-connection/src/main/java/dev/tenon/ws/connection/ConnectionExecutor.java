package dev.tenon.ws.connection;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;

/**
 * Runs tasks on the thread of a connection, for example an event loop. That thread processes the sends and calls the
 * listener. All connections that share a thread share one executor, so the executor also identifies their group.
 *
 * <p>{@link #execute} runs tasks in the order of the calls, after the current event and after an attempt to send the
 * bytes of that event. An implementation with its own thread is safe from any thread, and throws a {@link
 * java.util.concurrent.RejectedExecutionException} once its thread has ended.
 */
public interface ConnectionExecutor extends Executor {
    /**
     * Returns whether the caller runs on this executor's thread.
     *
     * @return true if it does; then the caller may use the connections of this executor directly
     */
    boolean isCurrentThread();

    /**
     * Creates an executor for an embedder that calls its connections from one thread only. It runs a task on the
     * caller's thread at once. If it is called from inside a task, it runs the new task after that task.
     *
     * @return a new executor, not thread-safe
     */
    static ConnectionExecutor direct() {
        return new Direct();
    }

    /** Runs tasks on the caller's thread, one at a time. */
    final class Direct implements ConnectionExecutor {
        private final Queue<Runnable> waiting = new ArrayDeque<>(2);
        private boolean running;

        private Direct() {}

        @Override
        public boolean isCurrentThread() {
            return true;
        }

        @Override
        public void execute(Runnable task) {
            waiting.add(task);
            if (running) {
                return;
            }
            running = true;
            try {
                for (Runnable next = waiting.poll(); next != null; next = waiting.poll()) {
                    next.run();
                }
            } finally {
                running = false;
            }
        }
    }
}
