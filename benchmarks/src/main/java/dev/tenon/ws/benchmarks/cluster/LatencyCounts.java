package dev.tenon.ws.benchmarks.cluster;

import java.util.concurrent.atomic.AtomicIntegerArray;

/** A histogram of durations in steps of ten microseconds, up to ten seconds. Thread-safe. */
final class LatencyCounts {
    private static final long STEP_NANOS = 10_000;

    private final AtomicIntegerArray counts = new AtomicIntegerArray(1_000_000);

    void record(long nanos) {
        counts.incrementAndGet((int) Math.max(0, Math.min(counts.length() - 1, nanos / STEP_NANOS)));
    }

    /** A percentile of the latencies: the given share of them is no longer, in milliseconds. */
    double percentile(double part) {
        long all = 0;
        for (int i = 0; i < counts.length(); i++) {
            all += counts.get(i);
        }
        long seen = 0;
        for (int i = 0; i < counts.length(); i++) {
            seen += counts.get(i);
            if (seen >= part * all) {
                return (i + 1) * STEP_NANOS / 1e6;
            }
        }
        return 0;
    }
}
