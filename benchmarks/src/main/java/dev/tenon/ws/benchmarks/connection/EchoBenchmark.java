package dev.tenon.ws.benchmarks.connection;

import dev.tenon.ws.connection.Connection;
import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.connection.MessageType;
import dev.tenon.ws.connection.StreamingListener;
import dev.tenon.ws.connection.ThreadContext;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.Wire;
import dev.tenon.ws.extension.Upgrade;
import dev.tenon.ws.frame.Role;
import java.nio.ByteBuffer;
import java.util.List;
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

/**
 * A server's connection that echoes every message, without a socket: 64 masked frames come in one read and leave in one
 * write. Figures are for one message. The lower bound is a copy of the same bytes, frame by frame.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class EchoBenchmark {
    private static final int FRAMES = 64;

    /** Bytes of payload in a message, 125 at most. */
    @Param({"32", "125"})
    private int size;

    private ByteBuffer input = ByteBuffer.allocate(0);
    private final Cork cork = new Cork();
    private final Connection connection = new Connection(
            Role.SERVER,
            ConnectionOptions.DEFAULT,
            new Upgrade("ws://127.0.0.1/", "", List.of()),
            cork,
            new ThreadContext(),
            new Echo());

    /**
     * Prepares the frames. Their payload changes between masked and plain from call to call, which takes the same time.
     */
    @Setup
    public void prepare() {
        int frame = 6 + size;
        input = ByteBuffer.allocateDirect(FRAMES * frame);
        for (int i = 0; i < FRAMES; i++) {
            input.put(i * frame, (byte) 0x82).put(i * frame + 1, (byte) (0x80 | size));
            input.putInt(i * frame + 2, 0x1234_5678 + i);
        }
        connection.open();
    }

    /**
     * Measures the echo.
     *
     * @return the responses
     */
    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public ByteBuffer echo() {
        connection.receive(input.clear());
        return cork.take();
    }

    /**
     * Measures the copy.
     *
     * @return the copies
     */
    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public ByteBuffer copy() {
        int frame = 6 + size;
        ByteBuffer out = cork.reserve(0);
        for (int i = 0; i < FRAMES; i++) {
            out.put(i * (2 + size) + 2, input, i * frame + 6, size);
        }
        return cork.take();
    }

    private static final class Echo implements StreamingListener {
        @Override
        public void onPiece(WebSocket ws, MessageType type, ByteBuffer piece, boolean last) {
            ws.sendPiece(type, piece, last);
        }
    }

    private static final class Cork implements Wire {
        private final ByteBuffer bytes = ByteBuffer.allocateDirect(64 * 1024);

        ByteBuffer take() {
            return bytes.clear();
        }

        @Override
        public ByteBuffer reserve(int length) {
            return bytes;
        }

        @Override
        public void write(ByteBuffer bytes) {
            throw new IllegalStateException("too long for the cork");
        }

        @Override
        public long backlog() {
            return 0;
        }

        @Override
        public void finish() {}

        @Override
        public void shutdownOutput() {}

        @Override
        public void abort() {}

        @Override
        public void resume() {}
    }
}
