package dev.tenon.ws.benchmarks.codec;

import java.util.Arrays;
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
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** Nanoseconds to decode or encode one binary frame: {@link CodecReport} prints the table. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(Workload.FRAMES)
@Warmup(iterations = 4, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 15, time = 60, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {
            "-Xms1g",
            "-Xmx1g",
            "-XX:+UseParallelGC",
            "-Dio.netty.leakDetection.level=disabled",
            "-Djmh.executor=CUSTOM",
            "-Djmh.executor.class=dev.tenon.ws.benchmarks.codec.EventLoopExecutor"
        })
public class CodecBenchmark {
    @Param({"tenon-heap", "tenon-direct", "netty", "jetty", "java-websocket", "arraycopy"})
    public String codec = "";

    @Param({"true", "false"})
    public boolean masked;

    @Param({"16", "125", "1024", "16384", "1048576"})
    public int size;

    @SuppressWarnings("NullAway.Init")
    private Codec measured;

    @Setup
    public void setup() throws Exception {
        Workload workload = new Workload(size, masked);
        if (!Arrays.equals(workload.payload, Codec.of(codec, workload).decodeFirst())) {
            throw new IllegalStateException(codec + " decodes something else");
        }
        measured = Codec.of(codec, workload);
    }

    @Benchmark
    public void decode(Blackhole hole) throws Exception {
        measured.decode(hole);
    }

    @Benchmark
    public void encode(Blackhole hole) throws Exception {
        measured.encode(hole);
    }
}
