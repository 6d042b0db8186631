package dev.tenon.ws.transport;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of one loop in the order in which they were added, and the rule for waking it. Another thread wakes the loop
 * only if the loop sleeps or is about to:
 *
 * <pre>
 *     loop:    sleeping = 1;  any tasks?  no → select (sleep)          add: tasks.add;  sleeping == 1 → 0 ?  wake up
 *                             yes → go on
 * </pre>
 *
 * Either the loop sees the task, or the adding thread sees that the loop sleeps. The loop's own calls never wake it.
 * {@link #add} may be called from any thread, everything else from the loop's.
 */
final class LoopTasks {
    /** How many tasks run at most before channels are handled. */
    static final int MOST_IN_A_TURN = 1024;
    /** How long tasks may run before channels are handled, in nanoseconds. */
    private static final long TURN_NANOS = 5_000_000;

    private static final AtomicIntegerFieldUpdater<LoopTasks> SLEEPING =
            AtomicIntegerFieldUpdater.newUpdater(LoopTasks.class, "sleeping");

    private final Runnable wakeUp;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    /** Marks the place in the queue at which the next turn begins. */
    private final Runnable endOfTurn = new Mark();

    private boolean marked;
    private volatile int sleeping;
    private volatile boolean closed;
    private volatile @Nullable Thread thread;

    LoopTasks(Runnable wakeUp) {
        this.wakeUp = wakeUp;
    }

    void bind(Thread thread) {
        this.thread = thread;
    }

    /** Adds a task; see {@link EventLoop#execute}. */
    void add(Runnable task) {
        tasks.add(task);
        if (closed && tasks.remove(task)) {
            throw new RejectedExecutionException("the event loop has stopped");
        }
        if (sleeping == 1 && Thread.currentThread() != thread && SLEEPING.compareAndSet(this, 1, 0)) {
            wakeUp.run();
        }
    }

    /** Announces that the loop is about to sleep. If there are tasks, withdraws that and returns false. */
    boolean trySleep() {
        sleeping = 1;
        if (tasks.isEmpty()) {
            return true;
        }
        sleeping = 0;
        return false;
    }

    /** The loop is awake. */
    void awake() {
        if (sleeping != 0) {
            sleeping = 0;
        }
    }

    /** Runs the present tasks, up to the budget of a turn. Tasks that they add run in the next turn. */
    void runTurn(Runner runner) {
        if (tasks.isEmpty()) {
            return;
        }
        if (!marked) {
            marked = true;
            tasks.add(endOfTurn);
        }
        long begin = System.nanoTime();
        for (int i = 0; i < MOST_IN_A_TURN && isInTime(i, begin); i++) {
            Runnable task = tasks.poll();
            if (task == null || task == endOfTurn) {
                marked = false;
                return;
            }
            runner.run(task);
        }
    }

    private static boolean isInTime(int done, long begin) {
        return done % 8 != 7 || System.nanoTime() - begin < TURN_NANOS;
    }

    /** Runs the present tasks, and the tasks that they add for a limited number of turns; then rejects tasks. */
    void close(Runner runner) {
        try {
            for (int turn = 0; turn < 100 && !tasks.isEmpty(); turn++) { // some tasks add themselves again
                runTurn(runner);
            }
        } finally {
            closed = true;
        }
        Runnable task;
        while ((task = tasks.poll()) != null) {
            runner.run(task);
        }
    }

    private static final class Mark implements Runnable {
        @Override
        public void run() {}
    }

    /** Runs one task and handles what it throws. */
    @FunctionalInterface
    interface Runner {
        void run(Runnable task);
    }
}
