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
 * An event loop without a thread and without a clock: the threads that call it run it, one at a time, and time passes when
 * it is told so. {@link #execute} may be called from any thread, and so may what says it enters the loop.
 */
final class MemoryLoop implements ConnectionExecutor {
    /** More events than any conversation of a test has, and few enough to be found out in a moment. */
    private static final int MOST_EVENTS = 1_000_000;
    /** How long what runs on the application's own threads may take. */
    private static final long PATIENCE_NANOS = 10_000_000_000L;
    /** The turn of a wheel of timers. */
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

    /** Enters the loop, does something there and all that follows from it. */
    synchronized void run(Runnable first) {
        if (isCurrentThread()) { // by a listener
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
            throw new IllegalStateException("the ends never come to rest: do they answer every message?");
        }
    }

    /** Runs until a condition holds, if need be by waiting for threads of the application's; returns whether it does. */
    boolean await(BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE_NANOS;
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

    /** Lets time pass: what is due happens, each at its own time. */
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

    /** The next time at which something is due; a turn of the wheel later, if something is that cannot be done. */
    private long nextDeadline() {
        long next = Long.MAX_VALUE;
        for (MemoryTransport transport : transports) {
            next = Math.min(next, transport.nextDeadline());
        }
        return next <= nowNanos ? nowNanos + TURN_NANOS : next;
    }
}
