package dev.tenon.ws.connection;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;

/**
 * Runs tasks on the thread on which the listeners and the sends of a connection are processed: one event loop, for
 * instance. All connections that share a thread share one of these, so that it also serves as the key of their group.
 *
 * <p>{@link #execute} runs a task after the event at hand, when what was written during that event has been tried, and
 * in the order of the calls. An implementation for a thread of its own is safe from any thread, and throws a {@link
 * java.util.concurrent.RejectedExecutionException} once its thread has ended.
 */
public interface ConnectionExecutor extends Executor {
    /**
     * Whether the caller runs on this executor's thread.
     *
     * @return true if it does, so that the caller may touch the connections of this executor directly
     */
    boolean isCurrentThread();

    /**
     * An executor for an embedder that calls its connections from one thread only. It runs a task on the caller's thread:
     * at once, or, if it is called from within a task, after that task.
     *
     * @return a new executor, not thread-safe
     */
    static ConnectionExecutor direct() {
        return new Direct();
    }

    /** Runs tasks on the caller's thread, one after the other. */
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
