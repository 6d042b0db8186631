package dev.tenon.ws.cli;

import dev.tenon.ws.connection.CloseEvent;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The counters of all connections of a benchmark. Thread-safe. */
final class LoadCounters {
    private volatile Latencies all = new Latencies();
    private volatile Latencies second = new Latencies();
    private final AtomicLong wrong = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicReference<@Nullable CloseEvent> firstLoss = new AtomicReference<>();
    private volatile boolean running = true;

    boolean isRunning() {
        return running;
    }

    void stop() {
        running = false;
    }

    void echoed(long nanos) {
        all.record(nanos);
        second.record(nanos);
    }

    /** Counts an unexpected message, or one that differs from the sent one. */
    void wrong() {
        wrong.incrementAndGet();
    }

    /** Counts a message that was refused because too many bytes wait. */
    void refused() {
        refused.incrementAndGet();
    }

    /** Counts a connection that has ended before the end of the benchmark. */
    void lost(CloseEvent event) {
        lost.incrementAndGet();
        firstLoss.compareAndSet(null, event);
    }

    /** Resets the counters after the warm-up. */
    void begin() {
        all = new Latencies();
        second = new Latencies();
        refused.set(0);
    }

    /** Returns the latencies of the last second and begins the next. */
    Latencies nextSecond() {
        Latencies ended = second;
        second = new Latencies();
        return ended;
    }

    /** The latencies of the current second. */
    Latencies thisSecond() {
        return second;
    }

    Latencies latencies() {
        return all;
    }

    long wrongCount() {
        return wrong.get();
    }

    long refusedCount() {
        return refused.get();
    }

    long lostCount() {
        return lost.get();
    }

    @Nullable
    CloseEvent firstLoss() {
        return firstLoss.get();
    }
}
