package dev.tenon.ws.benchmarks.codec;

import dev.tenon.ws.frame.Masking;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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

/** Ways to mask in place; {@link Masking} uses the best of them. Nanoseconds for one payload. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(Workload.FRAMES)
@Warmup(iterations = 3, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 15, time = 60, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class MaskingBenchmark {
    private static final VarHandle ARRAY_LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final VarHandle BUFFER_LONGS =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final int KEY = 0x37fa213d;

    @Param({"heap", "direct"})
    public String memory = "";

    @Param({"16", "125", "1024", "16384", "1048576"})
    public int size;

    /** The offset of the first payload byte: real payloads follow a header of two to fourteen bytes. */
    @Param("6")
    public int offset;

    private byte[] array = {};
    private ByteBuffer buffer = ByteBuffer.wrap(array);

    @Setup
    public void setup() {
        array = new byte[offset + size];
        buffer = memory.equals("heap") ? ByteBuffer.wrap(array) : ByteBuffer.allocateDirect(offset + size);
        buffer.order(ByteOrder.nativeOrder());
    }

    @Benchmark
    public void tenon(Blackhole hole) {
        for (int frame = 0; frame < Workload.FRAMES; frame++) {
            Masking.apply(buffer, offset, offset + size, KEY);
            hole.consume(buffer);
        }
    }

    /** Byte by byte, as in the RFC. */
    @Benchmark
    public void bytes(Blackhole hole) {
        for (int frame = 0; frame < Workload.FRAMES; frame++) {
            bytes(buffer, offset, offset + size, KEY);
            hole.consume(buffer);
        }
    }

    /** A long view of the array; heap only. */
    @Benchmark
    public void arrayView(Blackhole hole) {
        for (int frame = 0; frame < Workload.FRAMES; frame++) {
            arrayView(array, offset, offset + size, KEY);
            hole.consume(array);
        }
    }

    /** A long view of the buffer, for any kind of memory. */
    @Benchmark
    public void bufferView(Blackhole hole) {
        for (int frame = 0; frame < Workload.FRAMES; frame++) {
            bufferView(buffer, offset, offset + size, KEY);
            hole.consume(buffer);
        }
    }

    /** Four longs per iteration through the view of the buffer. */
    @Benchmark
    public void bufferViewUnrolled(Blackhole hole) {
        for (int frame = 0; frame < Workload.FRAMES; frame++) {
            bufferViewUnrolled(buffer, offset, offset + size, KEY);
            hole.consume(buffer);
        }
    }

    /** The buffer's own get and put methods. */
    @Benchmark
    public void getLong(Blackhole hole) {
        for (int frame = 0; frame < Workload.FRAMES; frame++) {
            getLong(buffer, offset, offset + size, KEY);
            hole.consume(buffer);
        }
    }

    private static void bytes(ByteBuffer buffer, int from, int to, int key) {
        for (int i = from, k = key; i < to; i++, k = Integer.rotateLeft(k, 8)) {
            buffer.put(i, (byte) (buffer.get(i) ^ (k >>> 24)));
        }
    }

    private static void arrayView(byte[] array, int from, int to, int key) {
        long wide = wide(key);
        int i = from;
        for (; i <= to - Long.BYTES; i += Long.BYTES) {
            ARRAY_LONGS.set(array, i, (long) ARRAY_LONGS.get(array, i) ^ wide);
        }
        for (int k = key; i < to; i++, k = Integer.rotateLeft(k, 8)) {
            array[i] ^= (byte) (k >>> 24);
        }
    }

    private static void bufferView(ByteBuffer buffer, int from, int to, int key) {
        long wide = wide(key);
        int i = from;
        for (; i <= to - Long.BYTES; i += Long.BYTES) {
            BUFFER_LONGS.set(buffer, i, (long) BUFFER_LONGS.get(buffer, i) ^ wide);
        }
        bytes(buffer, i, to, key);
    }

    private static void bufferViewUnrolled(ByteBuffer buffer, int from, int to, int key) {
        long wide = wide(key);
        int i = from;
        for (; i <= to - 4 * Long.BYTES; i += 4 * Long.BYTES) {
            long a = (long) BUFFER_LONGS.get(buffer, i) ^ wide;
            long b = (long) BUFFER_LONGS.get(buffer, i + 8) ^ wide;
            long c = (long) BUFFER_LONGS.get(buffer, i + 16) ^ wide;
            long d = (long) BUFFER_LONGS.get(buffer, i + 24) ^ wide;
            BUFFER_LONGS.set(buffer, i, a);
            BUFFER_LONGS.set(buffer, i + 8, b);
            BUFFER_LONGS.set(buffer, i + 16, c);
            BUFFER_LONGS.set(buffer, i + 24, d);
        }
        bufferView(buffer, i, to, key);
    }

    private static void getLong(ByteBuffer buffer, int from, int to, int key) {
        long wide = wide(key);
        int i = from;
        for (; i <= to - Long.BYTES; i += Long.BYTES) {
            buffer.putLong(i, buffer.getLong(i) ^ wide);
        }
        bytes(buffer, i, to, key);
    }

    private static long wide(int key) {
        int order = ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? key : Integer.reverseBytes(key);
        return (order & 0xFFFF_FFFFL) | ((long) order << 32);
    }
}
