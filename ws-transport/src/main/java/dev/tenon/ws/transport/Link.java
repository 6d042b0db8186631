package dev.tenon.ws.transport;

import dev.tenon.ws.connection.Deadlines;
import dev.tenon.ws.connection.WireTap;
import dev.tenon.ws.connection.Workspace;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * One socket on its event loop, with what is spoken over it:
 *
 * <pre>
 *     socket → stage (plain or TLS) → inflow  → protocol      bytes that cannot be taken are kept in the inflow
 *     socket ← outflow ← stage      ← cork    ← protocol      bytes that the peer does not take wait in the outflow
 * </pre>
 *
 * Belongs to its loop's thread; {@link #loop()}, {@link #backlog()}, {@link #isClosed()} and {@link #execute} may be called
 * from any. Whatever is thrown by a protocol, a tap, TLS or a task of this link closes this link and no other.
 */
public final class Link extends Deadlines.Entry implements Transport {
    private final EventLoop loop;
    private final Socket socket;
    private final LinkInput input;
    private final LinkOutput output;
    private Stage stage;
    private Protocol protocol = AbsentProtocol.INSTANCE;
    private @Nullable WireTap tap;
    private @Nullable Runnable whenClosed;
    private @Nullable SocketAddress client;

    private volatile boolean closed;

    Link(EventLoop loop, SocketOpener opener, @Nullable SSLEngine engine, @Nullable WireTap tap) throws IOException {
        this.loop = loop;
        this.tap = tap;
        this.stage = engine == null ? new Plain(this) : new Tls(engine, this);
        this.socket = opener.open(this);
        this.input = new LinkInput(this, socket);
        this.output = new LinkOutput(this, socket);
        loop.linkOpened();
    }

    /** Makes the socket of a link. */
    @FunctionalInterface
    interface SocketOpener {
        /** Opens the socket; nothing of the link but its loop may be used yet. */
        Socket open(Link link) throws IOException;
    }

    /** Gives the link its first protocol; {@link #connected()} follows once the socket is. */
    void open(Protocol first) {
        protocol = first;
        armDeadline();
    }

    /**
     * The loop that this link belongs to.
     *
     * @return the loop
     */
    public EventLoop loop() {
        return loop;
    }

    /**
     * The peer's address, or that of the client that the peer speaks for.
     *
     * @return the address, or null if the socket is closed or not connected
     */
    @Override
    public @Nullable SocketAddress remoteAddress() {
        return client != null ? client : socket.remoteAddress();
    }

    /**
     * Says whom the peer speaks for: a proxy that forwards bytes has named its client.
     *
     * @param client the client's address
     */
    public void onBehalfOf(SocketAddress client) {
        this.client = client;
    }

    /**
     * This end's address.
     *
     * @return the address, or null if the socket is closed
     */
    public @Nullable SocketAddress localAddress() {
        return socket.localAddress();
    }

    @Override
    public boolean isSecure() {
        return stage instanceof Tls;
    }

    @Override
    public @Nullable SSLSession session() {
        return stage.session();
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    /** The inbound half. */
    LinkInput input() {
        return input;
    }

    /** The outbound half. */
    LinkOutput output() {
        return output;
    }

    /** What the bytes go through between socket and protocol. */
    Stage stage() {
        return stage;
    }

    /** What is spoken at the moment. */
    Protocol protocol() {
        return protocol;
    }

    @Override
    public void switchTo(Protocol next) {
        protocol = next;
        armDeadline();
    }

    /**
     * Ends a preamble, such as that of a proxy: from here on bytes travel inside TLS, and a tap sees them. The protocol is
     * told {@code opened} once TLS is established, at once without it.
     *
     * @param engine speaks TLS, or null for none
     * @param tap sees every byte from now on, or null
     * @throws IllegalStateException if the link speaks TLS already
     */
    public void startTls(@Nullable SSLEngine engine, @Nullable WireTap tap) {
        if (isSecure()) {
            throw new IllegalStateException("TLS inside TLS is not supported");
        }
        this.tap = tap;
        this.stage = engine == null ? stage : new Tls(engine, this);
        stage.start();
    }

    /**
     * Gives TLS bytes that were received before it {@linkplain #startTls started}.
     *
     * @param records where the peer's first record begins; borrowed until this returns
     */
    public void feedTls(ByteBuffer records) {
        if (isSecure()) {
            stage.received(records);
        }
    }

    /**
     * Gives bytes to the protocol that were received for it by another one.
     *
     * @param bytes borrowed until this returns; what the protocol leaves is kept
     */
    public void giveBack(ByteBuffer bytes) {
        input.deliver(bytes);
    }

    /**
     * Has a task run when the link is closed and its protocol has been told.
     *
     * @param task what to run on the loop; it takes the place of any that was given before
     */
    public void whenClosed(Runnable task) {
        whenClosed = task;
    }

    /**
     * Defers a task to the end of the current event, so that it never re-enters the code that called this. What the task
     * throws closes this link. From the loop's thread only.
     *
     * @param task what to run
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
    public Workspace workspace() {
        return loop.workspace();
    }

    @Override
    public LoopCounters counters() {
        return loop.counters();
    }

    // Inbound

    /** The socket is connected. */
    void connected() {
        updateInterest();
        stage.start();
        armDeadline();
    }

    /** The stage is ready to carry bytes. */
    void established() {
        protocol.opened();
    }

    /** The socket has bytes, or its input has ended. */
    void readable() throws IOException {
        if (!closed) { // by another link's event, just now
            input.read();
            output.closeIfFailed();
            armDeadline();
        }
    }

    /** Hands plain bytes to the protocol, behind those that were kept. */
    void deliver(ByteBuffer bytes) {
        if (tap != null) {
            tap.received(bytes.asReadOnlyBuffer());
        }
        input.deliver(bytes);
    }

    /** The peer has ended its direction, inside TLS where there is TLS. */
    void deliverEnd() {
        protocol.inputEnded();
    }

    @Override
    public void pauseInput() {
        input.pause();
    }

    @Override
    public void resume() {
        input.resume();
    }

    /** Chooses what the socket reports, by what this link can do with it. */
    void updateInterest() {
        socket.watch(input.isReading() && stage.isReadable(), !output.isEmpty());
    }

    // Outbound

    @Override
    public ByteBuffer reserve(int length) {
        return loop.cork().reserve(this, length);
    }

    @Override
    public void write(ByteBuffer bytes) {
        loop.cork().flushWith(this, bytes);
    }

    @Override
    public void writeShared(ByteBuffer frame) {
        SharedFrames.write(this, frame);
    }

    /** Sends what this link has in the cork, and what TLS has encrypted of it. */
    void flush() {
        loop.cork().flush(this);
        loop.buffers().flushTls();
    }

    /** Sends what was gathered in the cork, and borrowed bytes behind it. Called by the cork. */
    void transmit(Gather gather, @Nullable ByteBuffer body) {
        if (!closed && !(gather.isEmpty() && body == null)) {
            try {
                if (tap != null) {
                    gather.show(tap, body);
                }
                stage.send(gather, body);
            } catch (Throwable e) { // a tap's, or one of TLS
                failed(e);
            }
            armDeadline();
        }
        if (body != null) {
            body.position(body.limit());
        }
    }

    /** The socket has room again. */
    void writable() {
        if (closed || output.isEmpty()) {
            return;
        }
        output.drain();
        armDeadline();
    }

    @Override
    public long backlog() {
        return output.backlog();
    }

    @Override
    public boolean isBroken() {
        return closed || output.hasFailed();
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    // The end

    @Override
    public void finish() {
        flush();
        output.endWith(Outflow.End.CLOSE);
    }

    @Override
    public void shutdownOutput() {
        flush();
        output.endWith(Outflow.End.SHUT_DOWN);
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
     * @param cause what the protocol is told, or null if it was asked for
     */
    public void close(@Nullable IOException cause) {
        if (closed) {
            return;
        }
        closed = true;
        loop.forget(this);
        input.clear();
        output.close(cause);
        later(() -> tellClosed(cause));
    }

    /** Closes a link that has no protocol, because that could not be created; nobody is told. */
    void discard() {
        closed = true;
        loop.forget(this);
        output.close(null);
        loop.linkClosed();
    }

    private void tellClosed(@Nullable IOException cause) {
        try {
            protocol.closed(cause);
        } finally {
            loop.linkClosed();
            if (whenClosed != null) {
                whenClosed.run();
            }
        }
    }

    // Deadlines

    void armDeadline() {
        if (!closed) {
            loop.deadlines().update(this);
        }
    }

    @Override
    public long nextDeadline() {
        return closed ? Long.MAX_VALUE : protocol.nextDeadline();
    }

    @Override
    public void due(long nowNanos) {
        protocol.tick(nowNanos);
    }

    /** Tells the protocol to end in good order: the server or client is about to stop. */
    public void drain() {
        protocol.drain();
    }
}
