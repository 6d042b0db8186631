package dev.tenon.ws.testkit;

import dev.tenon.ws.connection.Connection;
import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.connection.ThreadContext;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.connection.Wire;
import dev.tenon.ws.extension.Upgrade;
import dev.tenon.ws.frame.Role;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One end of a memory wire. It does the work of a transport, step by step, and is the only caller of the connection.
 */
final class End implements Wire {
    final Connection connection;
    private final VirtualClock clock;
    private final WireDirection out;
    private final WireDirection in;
    private final ByteBuffer cork = ByteBuffer.allocate(2 * MAX_RESERVE);
    /** Whether bytes were sent since the last notification of the connection. */
    private boolean tried;
    /** Whether bytes have waited since the connection was last notified of free room. */
    private boolean starved;

    private boolean paused;
    private boolean inputEnded;
    private boolean closing;
    private boolean aborted;
    private boolean closed;

    End(
            Role role,
            ConnectionOptions options,
            Upgrade upgrade,
            WebSocketListener listener,
            VirtualClock clock,
            WireDirection out,
            WireDirection in) {
        this.clock = clock;
        this.out = out;
        this.in = in;
        connection = new Connection(role, options, upgrade, this, new ThreadContext(() -> 0x5A17C0DE), listener);
    }

    // Called by the connection

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
        out.write(bytes);
        transmit();
    }

    private void uncork() {
        if (cork.position() > 0) {
            out.write(cork.flip());
            cork.clear();
            transmit();
        }
    }

    private void transmit() {
        out.flush();
        tried = true;
        starved |= out.waiting() > 0;
    }

    @Override
    public long backlog() {
        return out.waiting();
    }

    @Override
    public long nanoTime() {
        return clock.nanoTime();
    }

    @Override
    public void finish() {
        closing = true;
        uncork();
        out.end();
    }

    @Override
    public void shutdownOutput() {
        uncork();
        out.end();
    }

    @Override
    public void abort() {
        aborted = true;
    }

    @Override
    public void resume() {
        paused = false;
    }

    // The work of the transport

    /** Sends, receives and ends as far as possible now; returns whether anything has happened. */
    boolean step() {
        if (closed) {
            return false;
        }
        boolean moved = send();
        moved |= receive();
        moved |= end();
        return moved;
    }

    private boolean send() {
        uncork();
        if (!out.flush() && !tried) {
            return false;
        }
        tried = false;
        connection.flushed();
        if (starved && out.waiting() == 0) {
            starved = false;
            connection.writable();
        }
        return true;
    }

    private boolean receive() {
        if (paused || inputEnded || aborted) {
            return false;
        }
        ByteBuffer bytes = in.arrived();
        if (bytes != null) {
            int length = (int) Math.min(bytes.remaining(), in.untilCut());
            if (length == 0) {
                return false;
            }
            ByteBuffer part = bytes.duplicate().limit(bytes.position() + length);
            connection.receive(part);
            int taken = part.position() - bytes.position();
            bytes.position(part.position());
            in.consumed(taken);
            paused = !connection.isReadyForInput();
            if (part.hasRemaining() && !paused) {
                throw new IllegalStateException("the connection has not read all bytes, although it is ready for more");
            }
            return true;
        }
        if (in.atEnd()) {
            inputEnded = true;
            connection.endOfInput();
            return true;
        }
        return false;
    }

    private boolean end() {
        if (aborted) {
            out.drop();
            out.end();
            close(null);
            return true;
        }
        if (closing && out.waiting() == 0 && cork.position() == 0) {
            close(null);
            return true;
        }
        return false;
    }

    private void close(@Nullable IOException cause) {
        closed = true;
        in.drop(); // the reader has ended
        connection.ended(cause);
    }

    /** The wire breaks. */
    void breaks() {
        if (!closed) {
            out.drop();
            close(new IOException("the wire was cut"));
        }
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public boolean isBroken() {
        return closed;
    }

    /** Whether bytes wait here that cannot be sent before the wire is cut. */
    boolean awaitsCut() {
        return in.untilCut() <= 0;
    }

    /** How often bytes were written to the wire. */
    long writes() {
        return out.writes();
    }

    /** The time of the next event. Arrived bytes that this end does not read do not count. */
    long nextEvent() {
        long arrival = in.nextArrival();
        boolean toCome = arrival != Long.MAX_VALUE && arrival > clock.nanoTime();
        return Math.min(connection.nextDeadline(), toCome ? arrival : Long.MAX_VALUE);
    }

    void tick() {
        connection.tick(clock.nanoTime());
    }
}
