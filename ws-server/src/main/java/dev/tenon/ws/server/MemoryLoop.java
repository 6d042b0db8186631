package dev.tenon.ws.server;

import dev.tenon.ws.connection.ConnectionExecutor;
import dev.tenon.ws.connection.ThreadContext;
import dev.tenon.ws.transport.LoopCounters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * An event loop without a thread and without a clock. The threads that call {@link #run}, {@link #await} and {@link
 * #advance} run it, one at a time, and its time changes by {@link #advance} only. Any thread may call these and {@link
 * #execute}.
 */
final class MemoryLoop implements ConnectionExecutor {
    /** More events than a test causes, and few enough to be counted in a moment. */
    private static final int MOST_EVENTS = 1_000_000;
    /** How long {@link #await} waits for threads of the application. */
    private static final long TIMEOUT_NANOS = 10_000_000_000L;
    /** The resolution of a timing wheel. */
    private static final long TURN_NANOS = 125_000_000;

    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Semaphore arrived = new Semaphore(0);
    private final List<MemoryTransport> transports = new ArrayList<>();
    private final ThreadContext threadContext = new ThreadContext(this);
    private final LoopCounters counters = new LoopCounters();
    private long nowNanos = 1_000_000_000L;
    private volatile @Nullable Thread running;

    long nowNanos() {
        return nowNanos;
    }

    ThreadContext threadContext() {
        return threadContext;
    }

    LoopCounters counters() {
        return counters;
    }

    @Override
    public boolean isCurrentThread() {
        return Thread.currentThread() == running;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        arrived.release();
    }

    void add(MemoryTransport transport) {
        transports.add(transport);
    }

    List<MemoryTransport> transports() {
        return List.copyOf(transports);
    }

    /** Runs a task on the loop, and then everything that follows from it. */
    synchronized void run(Runnable first) {
        if (isCurrentThread()) { // called by a listener
            first.run();
            return;
        }
        running = Thread.currentThread();
        try {
            first.run();
            settle();
        } finally {
            running = null;
        }
    }

    private void settle() {
        int events = 0;
        boolean moved = true;
        while (moved) {
            moved = false;
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                task.run();
                moved = true;
                requireEnd(++events);
            }
            for (MemoryTransport transport : transports()) {
                moved |= transport.step();
            }
            transports.removeIf(MemoryTransport::isOver);
            requireEnd(++events);
        }
    }

    private static void requireEnd(int events) {
        if (events > MOST_EVENTS) {
            throw new IllegalStateException(
                    "messages are exchanged without end: does each end respond to every message?");
        }
    }

    /** Runs until a condition holds, and waits for threads of the application if necessary; returns whether it holds. */
    boolean await(BooleanSupplier condition) {
        long end = System.nanoTime() + TIMEOUT_NANOS;
        while (true) {
            arrived.drainPermits();
            run(() -> {});
            if (condition.getAsBoolean()) {
                return true;
            }
            try {
                if (!arrived.tryAcquire(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                    return false;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }

    /** Lets time pass. Everything that is due happens at its own time. */
    synchronized void advance(Duration time) {
        long target = nowNanos + time.toNanos();
        runDue();
        for (long next = nextDeadline(); next <= target; next = nextDeadline()) {
            nowNanos = next;
            runDue();
        }
        nowNanos = target;
        runDue();
    }

    private void runDue() {
        run(() -> transports().forEach(MemoryTransport::tick));
    }

    /**
     * The next deadline. A deadline that has passed, because its transport could not act, is tried again after
     * {@link #TURN_NANOS}.
     */
    private long nextDeadline() {
        long next = Long.MAX_VALUE;
        for (MemoryTransport transport : transports) {
            next = Math.min(next, transport.nextDeadline());
        }
        return next <= nowNanos ? nowNanos + TURN_NANOS : next;
    }
}
