package dev.tenon.ws.connection;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.FrameDecoder;
import dev.tenon.ws.frame.FrameRules;
import dev.tenon.ws.frame.Role;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One end of a pipe between two connections, each on its own thread. It accepts a random number of bytes at a time,
 * sometimes none, and may fail after any byte. It also parses the bytes that it has passed on, so a test knows which
 * messages have left.
 */
final class PipeEnd implements Wire {
    /** How many bytes may be in flight or unread. */
    private static final int CAPACITY = 3_000;

    private final LoopThread loop;
    private final Random random;
    private final int mostAtOnce;
    private int untilBreak;
    private @Nullable PipeEnd peer;
    private @Nullable Connection connection;

    private final ByteBuffer cork = ByteBuffer.allocate(2 * MAX_RESERVE);
    private byte[] waiting = {};
    private volatile long backlog;
    /** How many bytes the connection holds back. */
    final AtomicLong heldBack = new AtomicLong();

    private boolean tried;
    private boolean starved;
    private boolean endsOutput;
    private boolean closes;
    private boolean aborted;
    private volatile boolean broken;
    private volatile boolean closed;

    private ByteBuffer input = ByteBuffer.allocate(0);
    private final AtomicInteger inFlight = new AtomicInteger();
    private boolean inputEnded;
    private boolean paused;

    private final FrameDecoder decoder;
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();
    private final List<String> left = new ArrayList<>();

    PipeEnd(Role role, LoopThread loop, Random random, int mostAtOnce, int untilBreak) {
        this.loop = loop;
        this.random = random;
        this.mostAtOnce = mostAtOnce;
        this.untilBreak = untilBreak;
        decoder = new FrameDecoder(FrameRules.receivedBy(role.peer()));
    }

    void join(PipeEnd other, Connection own) {
        peer = other;
        connection = own;
    }

    /** Returns the whole messages that have left, in order. On the loop. */
    List<String> sentMessages() {
        return List.copyOf(left);
    }

    /** Runs a task on the loop as one event, and then sends its output as far as possible. */
    void event(Runnable body) {
        loop.execute(() -> {
            body.run();
            pump();
        });
    }

    // What the connection does

    @Override
    public ByteBuffer reserve(int length) {
        if (cork.remaining() < length) {
            uncork();
        }
        return cork;
    }

    @Override
    public void write(ByteBuffer bytes) {
        uncork();
        append(bytes);
    }

    private void uncork() {
        append(cork.flip());
        cork.clear();
    }

    private void append(ByteBuffer bytes) {
        if (bytes.hasRemaining()) {
            waiting = Bytes.concat(waiting, Bytes.of(bytes));
            bytes.position(bytes.limit());
            tried = false;
        }
    }

    @Override
    public long backlog() {
        return backlog;
    }

    @Override
    public void heldBack(long change) {
        heldBack.addAndGet(change);
    }

    @Override
    public void heldBack(ByteBuffer frame, boolean held) {
        heldBack.addAndGet(held ? frame.remaining() : -frame.remaining());
    }

    @Override
    public boolean isBroken() {
        return broken;
    }

    @Override
    public void finish() {
        closes = true;
    }

    @Override
    public void shutdownOutput() {
        endsOutput = true;
    }

    @Override
    public void abort() {
        aborted = true;
        broken = true;
    }

    @Override
    public void resume() {
        paused = false;
    }

    // What the transport does, on the loop

    /** Sends, reports that to the connection, receives, and ends, as far as possible now. */
    private void pump() {
        if (closed) {
            return;
        }
        if (aborted) {
            close(null);
            return;
        }
        Connection own = Objects.requireNonNull(connection);
        uncork();
        boolean had = waiting.length > 0 || !tried;
        transmit();
        if (broken) {
            close(new IOException("the pipe has broken"));
            return;
        }
        if (had) {
            tried = true;
            own.flushed();
            uncork();
        }
        if (waiting.length > 0) {
            starved = true;
        } else if (starved) {
            starved = false;
            own.writable();
        }
        receive(own);
        uncork();
        backlog = waiting.length; // includes bytes sent meanwhile: other events may come before the next attempt
        starved |= waiting.length > 0;
        if (waiting.length > 0 || !tried || aborted) {
            event(() -> {});
        } else if (closes) {
            close(null);
        } else if (endsOutput) {
            endsOutput = false;
            PipeEnd other = Objects.requireNonNull(peer);
            other.event(other::endInput);
        }
    }

    private void transmit() {
        PipeEnd other = Objects.requireNonNull(peer);
        int length = Math.min(waiting.length, CAPACITY - other.inFlight.get());
        length = Math.min(length, random.nextInt(mostAtOnce + 1));
        if (length >= untilBreak) {
            length = untilBreak;
            broken = true;
        }
        if (other.closed && waiting.length > 0) {
            broken = true;
        } else if (length > 0) {
            byte[] part = Arrays.copyOf(waiting, length);
            waiting = Arrays.copyOfRange(waiting, length, waiting.length);
            untilBreak -= length;
            other.inFlight.addAndGet(length);
            other.event(() -> other.arrived(part));
            read(ByteBuffer.wrap(part.clone()));
        }
        backlog = waiting.length;
    }

    private void read(ByteBuffer bytes) {
        while (decoder.decode(bytes, this::onFrame)) {
            // one piece per call
        }
    }

    private void onFrame(FirstByte firstByte, ByteBuffer payload, boolean end) {
        if (firstByte.opcode().isControl()) {
            payload.position(payload.limit());
            return;
        }
        message.writeBytes(Bytes.of(payload));
        if (end && firstByte.fin()) {
            left.add(message.toString(UTF_8));
            message.reset();
        }
    }

    private void arrived(byte[] bytes) {
        if (!closed) {
            input = ByteBuffer.wrap(Bytes.concat(Bytes.of(input), bytes));
        }
    }

    private void endInput() {
        inputEnded = true;
    }

    private void receive(Connection own) {
        if (!paused && input.hasRemaining()) {
            int before = input.remaining();
            own.receive(input);
            inFlight.addAndGet(input.remaining() - before);
            paused = !own.isReadyForInput();
        }
        if (inputEnded && !input.hasRemaining()) {
            inputEnded = false;
            own.endOfInput();
        }
    }

    private void close(@Nullable IOException cause) {
        closed = true;
        broken = true;
        PipeEnd other = Objects.requireNonNull(peer);
        other.event(other::endInput);
        Objects.requireNonNull(connection).ended(cause);
        waiting = new byte[0];
        backlog = 0;
    }

    boolean isClosed() {
        return closed;
    }
}
