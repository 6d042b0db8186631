package dev.tenon.ws.cli;

import dev.tenon.ws.connection.CloseEvent;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What all connections of a benchmark have seen. Thread-safe. */
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

    /** Counts a message that came unasked, or is not like the one that was sent. */
    void wrong() {
        wrong.incrementAndGet();
    }

    /** Counts a message that was not sent, since too much waited already. */
    void refused() {
        refused.incrementAndGet();
    }

    /** Counts a connection that has ended before the benchmark. */
    void lost(CloseEvent event) {
        lost.incrementAndGet();
        firstLoss.compareAndSet(null, event);
    }

    /** Forgets what was seen while warming up. */
    void begin() {
        all = new Latencies();
        second = new Latencies();
        refused.set(0);
    }

    /** The latencies of the second that ends now. */
    Latencies nextSecond() {
        Latencies ended = second;
        second = new Latencies();
        return ended;
    }

    /** The latencies of the second that is running. */
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
