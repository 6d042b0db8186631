package dev.tenon.ws.connection;

import static org.junit.jupiter.api.Assertions.assertSame;

import dev.tenon.ws.frame.FrameDecoder;
import dev.tenon.ws.frame.FrameRules;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.Role;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Records all that a connection sends, and decodes it like its peer; the test decides how much waits. */
final class RecordingWire implements Wire {
    private final FrameDecoder decoder;
    private final ByteArrayOutputStream partial = new ByteArrayOutputStream();
    private final ByteBuffer cork = ByteBuffer.allocate(2 * MAX_RESERVE);
    private final List<String> log = new ArrayList<>();
    /** The number of waiting bytes, set by the test. */
    long backlog;
    /** The number of bytes that have left, set by the test; negative if they are the written ones without the backlog. */
    long left = -1;
    /** The time, set by the test. */
    long now = NO_CLOCK;
    /** Whether no bytes can leave any more, set by the test. */
    boolean broken;
    /** The number of bytes that the connection holds back. */
    long heldBack;
    /** The shared frames that the connection holds back, in order. */
    final Deque<ByteBuffer> heldFrames = new ArrayDeque<>();
    /** The number of bytes written. */
    long written;
    /** How often the connection has reported an earlier deadline. */
    int deadlineUpdates;
    /** What is thrown by the next write. */
    @Nullable
    RuntimeException failure;

    RecordingWire(Role writer) {
        decoder = new FrameDecoder(FrameRules.receivedBy(writer.peer()).withOwned(7, Set.of()));
    }

    /** Returns the events since the last call: frames, and calls to the transport in angle brackets. */
    List<String> takeWritten() {
        collect();
        List<String> written = List.copyOf(log);
        log.clear();
        return written;
    }

    private void collect() {
        ByteBuffer bytes = cork.flip();
        written += bytes.remaining();
        decode(bytes);
        cork.clear();
    }

    private void decode(ByteBuffer bytes) {
        while (decoder.decode(bytes, (firstByte, payload, end) -> {
            while (payload.hasRemaining()) {
                partial.write(payload.get());
            }
            if (end) {
                log.add(firstByte + Bytes.show(firstByte.opcode() == Opcode.TEXT, partial.toByteArray()));
                partial.reset();
            }
        })) {
            // one piece per call
        }
    }

    boolean betweenFrames() {
        collect();
        return decoder.isBetweenFrames();
    }

    @Override
    public long left() {
        return left;
    }

    @Override
    public ByteBuffer reserve(int length) {
        if (failure != null) {
            throw failure;
        }
        collect();
        assert length <= MAX_RESERVE;
        return cork;
    }

    @Override
    public void write(ByteBuffer bytes) {
        if (failure != null) {
            throw failure;
        }
        collect();
        written += bytes.remaining();
        ByteBuffer copy = ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
        decode(copy);
    }

    @Override
    public boolean isBroken() {
        return broken;
    }

    @Override
    public long backlog() {
        return backlog;
    }

    @Override
    public void heldBack(long change) {
        heldBack += change;
    }

    @Override
    public void heldBack(ByteBuffer frame, boolean held) {
        if (held) {
            heldFrames.add(frame);
        } else {
            assertSame(frame, heldFrames.remove());
        }
    }

    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public void finish() {
        order("<finish>");
    }

    @Override
    public void shutdownOutput() {
        order("<shutdownOutput>");
    }

    @Override
    public void abort() {
        order("<abort>");
    }

    @Override
    public void resume() {
        order("<resume>");
    }

    @Override
    public void updateDeadline() {
        deadlineUpdates++;
    }

    private void order(String order) {
        collect();
        log.add(order);
    }
}
