package dev.tenon.ws.server;

import dev.tenon.ws.connection.ThreadContext;
import dev.tenon.ws.transport.LoopCounters;
import dev.tenon.ws.transport.Protocol;
import dev.tenon.ws.transport.Transport;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** One end of a connection in memory. Belongs to the thread that runs its loop. */
final class MemoryTransport implements Transport {
    private final MemoryLoop loop;
    private final @Nullable SocketAddress remoteAddress;
    private final LoopCounters counters;
    private @Nullable MemoryTransport peer;
    private @Nullable Protocol protocol;
    private @Nullable Runnable whenClosed;
    /** Bytes that this end has written and the other end has not read: from 0 to the position. */
    private ByteBuffer output = ByteBuffer.allocate(256);
    /** Bytes that have arrived and the protocol has not taken: from 0 to the position. */
    private ByteBuffer input = ByteBuffer.allocate(256);

    private boolean paused;
    private boolean resumed;
    private boolean stalled;
    private boolean outputEnds;
    private boolean finishes;
    private boolean inputEnded;
    private volatile boolean closed;
    private boolean hasReportedClose;

    /**
     * @param remoteAddress the client's address at the server's end; null at the client's end, whose traffic is not
     * counted
     */
    MemoryTransport(MemoryLoop loop, @Nullable SocketAddress remoteAddress) {
        this.loop = loop;
        this.remoteAddress = remoteAddress;
        this.counters = remoteAddress == null ? new LoopCounters() : loop.counters();
    }

    /** Connects two ends; the loop opens their protocols in its next turn. */
    static void join(MemoryTransport one, Protocol ofOne, MemoryTransport other, Protocol ofOther) {
        one.peer = other;
        one.protocol = ofOne;
        other.peer = one;
        other.protocol = ofOther;
        one.loop.add(one);
        one.loop.add(other);
        one.loop.execute(ofOther::opened);
        one.loop.execute(ofOne::opened);
    }

    void whenClosed(Runnable task) {
        whenClosed = task;
    }

    Protocol protocol() {
        if (protocol == null) {
            throw new IllegalStateException("this end is not connected to another one");
        }
        return protocol;
    }

    private MemoryTransport peer() {
        if (peer == null) {
            throw new IllegalStateException("this end is not connected to another one");
        }
        return peer;
    }

    /** Moves bytes and passes them to the protocol; returns whether anything happened. */
    boolean step() {
        boolean moved = false;
        stalled |= backlog() > 0;
        if (!closed && !paused) {
            moved = take();
        }
        MemoryTransport other = peer();
        if (!closed && !paused && !inputEnded && (other.outputEnds || other.closed) && other.isEmpty()) {
            inputEnded = true;
            call(protocol()::inputEnded);
            moved = true;
        }
        if (!closed && stalled && isEmpty()) {
            stalled = false;
            call(protocol()::progressed);
            call(protocol()::writable);
            moved = true;
        }
        if (!closed && finishes && isEmpty()) {
            close(null);
            moved = true;
        }
        return moved;
    }

    private boolean take() {
        MemoryTransport other = peer();
        if (other.isEmpty() && !(resumed && input.position() > 0)) {
            resumed = false;
            return false;
        }
        resumed = false;
        input = append(input, other.output.flip());
        other.output.clear();
        input.flip();
        call(() -> protocol().received(input));
        input.compact();
        return true;
    }

    private static ByteBuffer append(ByteBuffer to, ByteBuffer bytes) {
        ByteBuffer room = withRoom(to, bytes.remaining());
        return room.put(bytes);
    }

    private static ByteBuffer withRoom(ByteBuffer buffer, int length) {
        if (buffer.remaining() >= length) {
            return buffer;
        }
        int needed = Math.addExact(buffer.position(), length);
        return ByteBuffer.allocate(Math.max(needed, 2 * buffer.capacity())).put(buffer.flip());
    }

    private boolean isEmpty() {
        return output.position() == 0;
    }

    private void call(Runnable protocolCall) {
        try {
            protocolCall.run();
        } catch (Throwable e) {
            failed(e);
        }
    }

    void tick() {
        if (!closed && nextDeadline() <= loop.nowNanos()) {
            call(() -> protocol().tick(loop.nowNanos()));
        }
    }

    long nextDeadline() {
        return closed ? Long.MAX_VALUE : protocol().nextDeadline();
    }

    void drain() {
        if (!closed) {
            call(protocol()::drain);
        }
    }

    /** Whether both ends are closed and their protocols have been notified. */
    boolean isOver() {
        return hasReportedClose && peer().hasReportedClose;
    }

    void close(@Nullable IOException cause) {
        if (closed) {
            return;
        }
        closed = true;
        loop.execute(() -> reportClosed(cause));
    }

    private void reportClosed(@Nullable IOException cause) {
        hasReportedClose = true;
        protocol().closed(cause);
        if (whenClosed != null) {
            whenClosed.run();
        }
    }

    @Override
    public ByteBuffer reserve(int length) {
        if (closed || outputEnds) {
            return ByteBuffer.allocate(length);
        }
        output = withRoom(output, length);
        return output;
    }

    @Override
    public void write(ByteBuffer bytes) {
        if (closed || outputEnds) {
            bytes.position(bytes.limit());
            return;
        }
        output = append(output, bytes);
    }

    @Override
    public void flush() {
        // written bytes are in the output at once
    }

    /** The bytes that wait because the other end has paused reading. */
    @Override
    public long backlog() {
        MemoryTransport other = peer;
        return other != null && other.paused ? output.position() : 0;
    }

    @Override
    public boolean isBroken() {
        return closed;
    }

    @Override
    public @Nullable SocketAddress remoteAddress() {
        return remoteAddress;
    }

    @Override
    public void finish() {
        finishes = true;
    }

    @Override
    public void shutdownOutput() {
        outputEnds = true;
    }

    @Override
    public void abort() {
        output.clear();
        close(null);
    }

    @Override
    public void pauseInput() {
        paused = true;
    }

    @Override
    public void resume() {
        paused = false;
        resumed = true;
    }

    @Override
    public long nanoTime() {
        return loop.nowNanos();
    }

    @Override
    public boolean isSecure() {
        return false;
    }

    @Override
    public @Nullable SSLSession session() {
        return null;
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public void switchTo(Protocol next) {
        protocol = next;
    }

    @Override
    public void failed(Throwable cause) {
        close(cause instanceof IOException io ? io : new IOException("the connection has failed on this end", cause));
    }

    @Override
    public boolean inLoop() {
        return loop.isCurrentThread();
    }

    @Override
    public void execute(Runnable task) {
        loop.execute(() -> call(task));
    }

    @Override
    public ThreadContext threadContext() {
        return loop.threadContext();
    }

    @Override
    public LoopCounters counters() {
        return counters;
    }
}
