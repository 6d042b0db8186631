package dev.tenon.ws.benchmarks.deflate;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** Nanoseconds to compress or decompress one text message, by memory mode: {@code CodecReport DeflateBenchmark}. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(Messages.COUNT)
@Warmup(iterations = 4, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 15, time = 100, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xms1g", "-Xmx1g", "-XX:+UseParallelGC"})
public class DeflateBenchmark {
    @Param({"pooled-2k", "pooled-2k-row", "pooled-32k", "no-takeover", "dedicated", "zlib", "zlib-reset"})
    public String codec = "";

    @Param({"1024", "16384"})
    public int size;

    @SuppressWarnings("NullAway.Init")
    private Compression measured;

    @Setup
    public void setup() {
        ByteBuffer[] messages = Messages.of(size);
        measured = Compression.of(codec, messages);
        if (!messages[0].clear().equals(measured.first())) {
            throw new IllegalStateException(codec + " makes something else of it");
        }
        System.out.printf("%n%s: %,d bytes become %,.0f%n", codec, size, measured.compressedSize());
    }

    @TearDown
    public void tearDown() {
        measured.close();
    }

    @Benchmark
    public void compress(Blackhole hole) {
        measured.compress(hole);
    }

    @Benchmark
    public void decompress(Blackhole hole) {
        measured.decompress(hole);
    }
}
