package dev.tenon.ws.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LatenciesTest {
    @Test
    void aPercentileIsAtMostTwoPercentAboveTheExactOne() {
        Random random = new Random(7);
        long[] values = random.longs(10_000, 0, 63)
                .map(shift -> random.nextLong() >>> 1 >>> shift)
                .toArray();
        Latencies latencies = new Latencies();
        for (long value : values) {
            latencies.record(value);
        }
        Arrays.sort(values);
        for (double part : new double[] {0.001, 0.5, 0.9, 0.99, 0.999, 1}) {
            long exact = values[(int) Math.ceil(part * values.length) - 1];
            long found = latencies.percentile(part);
            assertTrue(found >= exact && found - exact <= exact / 50, part + ": " + found + " for " + exact);
        }
        assertEquals(values[values.length - 1], latencies.max());
        assertEquals(values.length, latencies.count());
    }

    @Test
    void withoutValuesAllIsZero() {
        assertEquals(0, new Latencies().percentile(0.5));
        assertEquals(0, new Latencies().max());
    }

    @Test
    void theLongestDurationHasABucket() {
        Latencies latencies = new Latencies();
        latencies.record(Long.MAX_VALUE);
        latencies.record(-1);
        assertEquals(Long.MAX_VALUE, latencies.percentile(1));
        assertEquals(0, latencies.percentile(0.5));
    }

    @Test
    void aLongDurationStandsForThoseThatWouldHaveFollowedIt() {
        Latencies latencies = new Latencies();
        latencies.recordWithMissing(10_000, 1_000);
        assertEquals(10, latencies.count());
        assertEquals(5_500, latencies.mean());
        assertEquals(10_000, latencies.max());
        latencies.recordWithMissing(100, 1_000);
        latencies.recordWithMissing(100, 0);
        assertEquals(12, latencies.count());
    }

    @Test
    void manyMissingDurationsAreCountedInFewSteps() {
        Latencies latencies = new Latencies();
        latencies.recordWithMissing(10_000_000_000L, 1);
        assertEquals(10_000_000_000L, latencies.count());
        long median = latencies.percentile(0.5);
        assertTrue(Math.abs(median - 5_000_000_000L) < 100_000_000L, median + " ns");
    }
}
