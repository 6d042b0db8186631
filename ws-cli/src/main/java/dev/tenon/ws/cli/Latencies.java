package dev.tenon.ws.cli;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A histogram of durations: each is counted in a bucket that is at most 1/64 wider than its lower bound, so that a
 * percentile is at most 1.6 % too high. Thread-safe; recording takes no lock.
 */
final class Latencies {
    private static final int SUB_BITS = 6;
    private static final int SUB = 1 << SUB_BITS;
    private static final int MOST_STEPS = 1000;

    private final AtomicLongArray counts = new AtomicLongArray((64 - SUB_BITS) * SUB);
    private final AtomicLong count = new AtomicLong();
    private final AtomicLong sum = new AtomicLong();
    private final AtomicLong max = new AtomicLong();

    /** Counts a duration, in nanoseconds; a negative one counts as 0. */
    void record(long nanos) {
        record(nanos, 1);
    }

    private void record(long nanos, long times) {
        long value = Math.max(0, nanos);
        counts.addAndGet(bucket(value), times);
        count.addAndGet(times);
        sum.addAndGet(value * times);
        max.accumulateAndGet(value, Math::max);
    }

    /**
     * Counts a duration during which others should have begun, one after each interval: as many durations, each shorter by
     * an interval than the one before.
     *
     * @param interval the interval, in nanoseconds; 0 or less if no others should have begun
     */
    void recordWithMissing(long nanos, long interval) {
        record(nanos);
        long missing = interval > 0 ? Math.max(0, nanos / interval - 1) : 0;
        long steps = Math.min(missing, MOST_STEPS);
        for (long i = 1; i <= steps; i++) {
            long times = missing * i / steps - missing * (i - 1) / steps;
            record(nanos - nanos * i / (steps + 1), times);
        }
    }

    /** The mean of all durations, in nanoseconds; 0 if there is none. */
    long mean() {
        long number = count();
        return number == 0 ? 0 : sum.get() / number;
    }

    /** How many durations were counted. */
    long count() {
        return count.get();
    }

    /** The longest duration, in nanoseconds; 0 if there is none. */
    long max() {
        return max.get();
    }

    /**
     * A duration that the given part of all durations does not exceed, in nanoseconds; 0 if there is none.
     *
     * @param part more than 0, at most 1: 0.99 for the 99th percentile
     */
    long percentile(double part) {
        long rank = (long) Math.ceil(part * count());
        long seen = 0;
        for (int i = 0; i < counts.length() && rank > 0; i++) {
            seen += counts.get(i);
            if (seen >= rank) {
                return Math.min(upperBound(i), max());
            }
        }
        return max();
    }

    private static int bucket(long value) {
        if (value < SUB) {
            return (int) value;
        }
        int shift = 63 - Long.numberOfLeadingZeros(value) - SUB_BITS;
        return (shift + 1) * SUB + (int) (value >>> shift) - SUB;
    }

    private static long upperBound(int bucket) {
        if (bucket < SUB) {
            return bucket;
        }
        int shift = bucket / SUB - 1;
        long lower = (long) (bucket % SUB + SUB) << shift;
        return lower + (1L << shift) - 1;
    }
}
