package dev.tenon.ws.topics;

import dev.tenon.ws.connection.ConnectionExecutor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.RejectedExecutionException;

/** The executor of some connections; a test runs its tasks one by one. */
final class ManualLoop implements ConnectionExecutor {
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private boolean current;
    private boolean stopped;

    @Override
    public boolean isCurrentThread() {
        return current;
    }

    @Override
    public void execute(Runnable task) {
        if (stopped) {
            throw new RejectedExecutionException("stopped");
        }
        tasks.add(task);
    }

    /** Runs an event of one of its connections. */
    void event(Runnable event) {
        boolean before = current;
        current = true;
        try {
            event.run();
        } finally {
            current = before;
        }
    }

    /** Runs the oldest task; returns false if there is none. */
    boolean step() {
        Runnable task = tasks.poll();
        if (task != null) {
            event(task);
        }
        return task != null;
    }

    int drain() {
        int steps = 0;
        while (step()) {
            steps++;
        }
        return steps;
    }

    int waiting() {
        return tasks.size();
    }

    void stop() {
        stopped = true;
        tasks.clear();
    }
}
