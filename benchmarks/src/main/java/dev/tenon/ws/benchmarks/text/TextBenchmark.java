package dev.tenon.ws.benchmarks.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Nanoseconds from one masked text frame to a {@code String}: {@code CodecReport TextBenchmark}. Each time the frame is
 * copied into the input buffer first, because both unmask in place.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
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
public class TextBenchmark {
    private static final int KEY = 0x37fa213d;

    @Param({"tenon", "netty"})
    public String codec = "";

    @Param({"ASCII", "multi-byte"})
    public String text = "";

    /** Bytes of UTF-8. */
    @Param({"1024", "16384"})
    public int size;

    private byte[] frame = {};

    @SuppressWarnings("NullAway.Init")
    private TextCodec measured;

    @Setup
    public void setup() throws Exception {
        String message = message();
        frame = frame(message.getBytes(UTF_8));
        measured = TextCodec.of(codec, frame.length);
        if (!message.equals(receive())) {
            throw new IllegalStateException(codec + " gives another text");
        }
    }

    /** Repeats a text as often as it fits into the size, and fills the rest with dots. */
    private String message() {
        String part = text.equals("ASCII")
                ? "{\"from\":\"alice\",\"n\":17}, "
                : "Gr\u00fc\u00dfe, \u4e16\u754c \ud83e\udeb5, ";
        int length = part.getBytes(UTF_8).length;
        return part.repeat(size / length) + ".".repeat(size % length);
    }

    private static byte[] frame(byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(8 + payload.length);
        frame.put((byte) 0x81)
                .put((byte) (0x80 | 126))
                .putShort((short) payload.length)
                .putInt(KEY);
        for (int i = 0; i < payload.length; i++) {
            frame.put((byte) (payload[i] ^ (KEY >>> (24 - 8 * (i & 3)))));
        }
        return frame.array();
    }

    @Benchmark
    public String receive() throws Exception {
        return measured.receive(frame);
    }
}
