package dev.tenon.ws.transport;

import dev.tenon.ws.connection.ThreadContext;
import dev.tenon.ws.connection.WireTap;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * One socket on its event loop, with its current protocol:
 *
 * <pre>
 *     socket → [Tls] → LinkInput  → protocol      bytes that the protocol leaves are kept in the input
 *     socket ← LinkOutput ← [Tls] ← cork ← protocol      bytes that the socket does not accept wait in the output
 * </pre>
 *
 * Belongs to its loop's thread; {@link #loop()}, {@link #backlog()}, {@link #isClosed()}, {@link #isBroken()} and
 * {@link #execute} may be called from any. An exception of a protocol, a tap, TLS or a task of this link closes this
 * link and no other.
 */
public final class Link extends Stage implements Transport {
    private final EventLoop loop;
    final LinkInput input;
    final LinkOutput output;
    private @Nullable Runnable whenClosed;
    private @Nullable SocketAddress client;

    private volatile boolean closed;
    /** Whether written bytes can no longer be sent, because the link is closed or writing has failed. */
    volatile boolean broken;

    Link(EventLoop loop, Socket.Opener opener, @Nullable SSLEngine engine, @Nullable WireTap tap) throws IOException {
        this.loop = loop;
        attach(engine, tap);
        Socket socket = opener.open(this);
        this.input = new LinkInput(this, socket);
        this.output = new LinkOutput(this, socket);
        loop.linkOpened();
    }

    /** {@return the loop that this link belongs to} */
    public EventLoop loop() {
        return loop;
    }

    /** {@return the peer's address, or that of the client that the peer speaks for; null if there is none any more} */
    @Override
    public @Nullable SocketAddress remoteAddress() {
        return client != null ? client : output.socket().remoteAddress();
    }

    /**
     * Sets the address of the client if the peer is a proxy that forwards its bytes.
     *
     * @param client the client's address
     */
    public void onBehalfOf(SocketAddress client) {
        this.client = client;
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public void switchTo(Protocol next) {
        setProtocol(next);
        updateDeadline();
    }

    /**
     * Sets a task to run after the link is closed and its protocol has been notified.
     *
     * @param task runs on the loop; replaces an earlier one
     */
    public void whenClosed(Runnable task) {
        whenClosed = task;
    }

    /**
     * Defers a task to the end of the current event, so that it never re-enters the caller. An exception of the task
     * closes this link. From the loop's thread only.
     *
     * @param task the task
     */
    public void later(Runnable task) {
        loop.later(this, task);
    }

    @Override
    public void execute(Runnable task) {
        loop.execute(() -> Deferrals.run(this, task));
    }

    @Override
    public boolean inLoop() {
        return loop.inLoop();
    }

    @Override
    public ThreadContext threadContext() {
        return loop.threadContext();
    }

    @Override
    public LoopCounters counters() {
        return loop.counters();
    }

    // Inbound

    /** The socket is connected. */
    void connected() {
        updateInterest();
        establish();
        updateDeadline();
    }

    /** The socket has bytes to read, or its input has ended. */
    void readable() throws IOException {
        if (!closed) { // an event of another link has just closed this one
            input.read();
            output.closeIfFailed();
            updateDeadline();
        }
    }

    @Override
    public void giveBack(ByteBuffer bytes) {
        input.deliver(bytes);
    }

    @Override
    public void pauseInput() {
        input.pause();
    }

    @Override
    public void resume() {
        input.resume();
    }

    /** Updates the operations for which the socket is selected. */
    void updateInterest() {
        output.socket().watch(input.isReading() && isReadable(), !output.isEmpty());
    }

    // Outbound

    @Override
    public ByteBuffer reserve(int length) {
        return loop.cork().reserve(this, length);
    }

    @Override
    public void write(ByteBuffer bytes) {
        loop.cork().write(this, bytes);
    }

    @Override
    public void gather(Runnable fragments) {
        loop.cork().gather(this, fragments);
    }

    @Override
    public void writeShared(ByteBuffer frame) {
        loop.cork().share(this, frame);
    }

    @Override
    public void flush() {
        loop.cork().flush(this);
        loop.buffers().flushTls();
    }

    @Override
    void transmit(GatheredBuffers gathered, @Nullable ByteBuffer body) {
        output.transmit(gathered, body);
    }

    /** The socket accepts bytes again. */
    void writable() {
        flush(); // bytes of the same event: the protocol would take them for sent
        if (!closed && !output.isEmpty()) {
            output.proceed();
            updateDeadline();
        }
    }

    @Override
    public long backlog() {
        return output.backlog();
    }

    @Override
    public void heldBack(long change) {
        output.holdBack(change);
    }

    @Override
    public void heldBack(ByteBuffer frame, boolean held) {
        output.holdBack(frame, held);
    }

    @Override
    public boolean isBroken() {
        return broken;
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    // The end

    @Override
    public void finish() {
        flush();
        output.finish(Outflow.End.CLOSE);
    }

    @Override
    public void shutdownOutput() {
        flush();
        output.finish(Outflow.End.SHUT_DOWN);
    }

    @Override
    public void abort() {
        close(null);
    }

    @Override
    public void failed(Throwable cause) {
        close(cause instanceof IOException io ? io : new IOException("the connection has failed on this end", cause));
    }

    /**
     * Closes at once.
     *
     * @param cause the failure that the protocol receives, or null if the protocol has asked for the end
     */
    public void close(@Nullable IOException cause) {
        if (closed) {
            return;
        }
        shut(cause);
        later(() -> notifyClosed(cause));
    }

    /** Closes a link whose protocol could not be created. No callback is called. */
    void discard() {
        shut(null);
        loop.linkClosed();
    }

    private void shut(@Nullable IOException cause) {
        closed = true;
        broken = true;
        loop.forget(this);
        input.clear();
        output.close(cause);
    }

    private void notifyClosed(@Nullable IOException cause) {
        try {
            protocol().closed(cause);
        } finally {
            loop.linkClosed();
            if (whenClosed != null) {
                whenClosed.run();
            }
        }
    }

    // Deadlines

    @Override
    public void updateDeadline() {
        if (!closed) {
            loop.deadlines().update(this);
        }
    }

    @Override
    public long nextDeadline() {
        return closed ? Long.MAX_VALUE : protocol().nextDeadline();
    }

    @Override
    public void due(long nowNanos) {
        protocol().tick(nowNanos);
    }

    /** Asks the protocol to end gracefully, because the server or client stops. */
    public void drain() {
        protocol().drain();
    }
}
