package dev.tenon.ws.benchmarks.sharing;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Group;
import org.openjdk.jmh.annotations.GroupThreads;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What two threads cost each other by memory that they share: the terms of the model in this module's README. One
 * thread stands for an event loop, which writes a field for each message, the other for a thread that sends.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class SharedLineBenchmark {
    private static final int LINE = 8; // longs

    /** Fields on one cache line of the processor, and on cache lines of their own. */
    @State(Scope.Group)
    public static class Lines {
        private static final int READ = 4 * LINE;
        private static final int NEAR = READ + 1;
        private static final int FAR = 8 * LINE;
        private final AtomicLongArray fields = new AtomicLongArray(12 * LINE);
    }

    /** A counter under a lock, like that of open links. */
    @State(Scope.Benchmark)
    public static class Count {
        private long count;

        synchronized long add(long more) {
            count += more;
            return count;
        }
    }

    /**
     * The loop writes a neighbour of the field that the sender reads.
     *
     * @param lines the fields
     */
    @Benchmark
    @Group("near")
    @GroupThreads(1)
    public void writeNear(Lines lines) {
        lines.fields.setOpaque(Lines.NEAR, lines.fields.getPlain(Lines.NEAR) + 1);
    }

    /**
     * The sender reads its field.
     *
     * @param lines the fields
     * @return the value
     */
    @Benchmark
    @Group("near")
    @GroupThreads(1)
    public long readNear(Lines lines) {
        return lines.fields.getOpaque(Lines.READ);
    }

    /**
     * The loop writes a field on another cache line.
     *
     * @param lines the fields
     */
    @Benchmark
    @Group("far")
    @GroupThreads(1)
    public void writeFar(Lines lines) {
        lines.fields.setOpaque(Lines.FAR, lines.fields.getPlain(Lines.FAR) + 1);
    }

    /**
     * The sender reads its field.
     *
     * @param lines the fields
     * @return the value
     */
    @Benchmark
    @Group("far")
    @GroupThreads(1)
    public long readFar(Lines lines) {
        return lines.fields.getOpaque(Lines.READ);
    }

    /**
     * The lock of a counter; run it with one thread and with two.
     *
     * @param count the counter
     * @return the count
     */
    @Benchmark
    public long lock(Count count) {
        return count.add(1);
    }
}
