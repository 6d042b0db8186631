package dev.tenon.ws.cli;

import dev.tenon.ws.connection.CloseEvent;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The counters of all connections of a benchmark. Thread-safe. */
final class LoadCounters {
    private volatile Latencies all = new Latencies();
    private volatile Latencies second = new Latencies();
    private final AtomicLong echoed = new AtomicLong();
    private final AtomicLong notReturned = new AtomicLong();
    private final AtomicLong wrong = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicReference<@Nullable CloseEvent> firstLoss = new AtomicReference<>();
    private volatile boolean running = true;

    boolean isRunning() {
        return running;
    }

    /** Ends the measurement: connections count nothing that arrives later. */
    void stop() {
        running = false;
    }

    /** Counts a message that has come back after a time. */
    void echoed(long nanos) {
        echoed.incrementAndGet();
        all.record(nanos);
        second.record(nanos);
    }

    /**
     * Counts a message that has not come back at the end, and its age as its latency.
     *
     * @param interval after what time another message would have followed it; 0 if messages do not wait for earlier ones
     */
    void notReturned(long age, long interval) {
        notReturned.incrementAndGet();
        all.recordWithMissing(age, interval);
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
        echoed.set(0);
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

    /** The latencies of the messages that have come back, and at the end the ages of the others. */
    Latencies latencies() {
        return all;
    }

    long echoedCount() {
        return echoed.get();
    }

    long notReturnedCount() {
        return notReturned.get();
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
