package dev.tenon.ws.transport;

import dev.tenon.ws.connection.Wire;
import dev.tenon.ws.connection.WireTap;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * One socket on its event loop: reads into the loop's buffer, writes from the loop's cork, and owns a buffer only while
 * the peer is slower than this end. Belongs to its loop's thread; {@link #loop()}, {@link #backlog()} and
 * {@link #isClosed()} may be asked from any.
 */
public final class Link implements EventLoop.Ready, Wire {
    private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);

    /** What follows once all that was written has left. */
    private enum Ending {
        NONE,
        SHUT_DOWN_OUTPUT,
        CLOSE,
        /** Nothing: the link was closed for a failure. */
        FAILED
    }

    private final EventLoop loop;
    private final SocketChannel channel;
    private final SelectionKey key;
    private @Nullable WireTap tap;
    private @Nullable Tls tls;
    private Protocol protocol;
    private @Nullable Runnable whenClosed;

    /** What has been received and could not be taken; null nearly always. */
    private @Nullable ByteBuffer leftover;
    /** What the peer has been too slow to take; null nearly always. */
    private @Nullable OutputQueue queue;

    private volatile long backlog;
    private volatile boolean closed;
    private boolean paused;
    private boolean inputEnded;
    private volatile boolean roomAsked;
    private Ending ending = Ending.NONE;

    private Link(
            EventLoop loop,
            SocketChannel channel,
            int interest,
            Protocol protocol,
            @Nullable SSLEngine engine,
            @Nullable WireTap tap)
            throws IOException {
        this.loop = loop;
        this.channel = channel;
        this.protocol = protocol;
        this.tap = tap;
        this.tls = engine == null ? null : new Tls(engine, this);
        this.key = loop.register(channel, interest, this);
        loop.links().opened();
    }

    /** A makes-the-protocol function: it needs the link that it speaks over. */
    @FunctionalInterface
    public interface ProtocolFactory {
        /**
         * Makes the first protocol of a link.
         *
         * @param link the link, not open yet
         * @return the protocol
         */
        Protocol create(Link link);
    }

    /**
     * Takes over a channel that is connected.
     *
     * @param loop the loop that the caller runs on
     * @param channel connected and not blocking
     * @param engine speaks TLS, or null for none
     * @param tap sees every byte, or null
     * @param protocol makes the first protocol
     * @return the link
     * @throws IOException if the channel cannot be registered
     */
    public static Link accepted(
            EventLoop loop,
            SocketChannel channel,
            @Nullable SSLEngine engine,
            @Nullable WireTap tap,
            ProtocolFactory protocol)
            throws IOException {
        Link link = new Link(loop, channel, SelectionKey.OP_READ, Unspoken.INSTANCE, engine, tap);
        link.protocol = protocol.create(link);
        link.connected();
        return link;
    }

    /**
     * Begins to connect.
     *
     * @param loop the loop that the caller runs on
     * @param channel not connected and not blocking
     * @param remote where to
     * @param engine speaks TLS, or null for none
     * @param tap sees every byte, or null
     * @param protocol makes the first protocol, which is told {@code opened} or {@code closed}
     * @return the link
     * @throws IOException if it fails at once
     */
    public static Link connect(
            EventLoop loop,
            SocketChannel channel,
            SocketAddress remote,
            @Nullable SSLEngine engine,
            @Nullable WireTap tap,
            ProtocolFactory protocol)
            throws IOException {
        boolean connected = channel.connect(remote);
        int interest = connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT;
        Link link = new Link(loop, channel, interest, Unspoken.INSTANCE, engine, tap);
        link.protocol = protocol.create(link);
        if (connected) {
            link.connected();
        }
        return link;
    }

    private void connected() {
        if (tls == null) {
            protocol.opened();
        } else {
            tls.begin();
        }
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
     * The channel, to ask for its addresses.
     *
     * @return the channel, not to be read, written or closed
     */
    public SocketChannel channel() {
        return channel;
    }

    /**
     * Whether the bytes travel inside TLS.
     *
     * @return true with TLS
     */
    public boolean isSecure() {
        return tls != null;
    }

    /**
     * What TLS has settled.
     *
     * @return the session, or null without TLS
     */
    public @Nullable SSLSession session() {
        return tls == null ? null : tls.session();
    }

    /**
     * Has bytes of TLS decoded that were received before it {@linkplain #begin began}.
     *
     * @param records where the peer's first record begins; borrowed until this returns
     */
    public void decode(ByteBuffer records) {
        if (tls != null) {
            tls.received(records);
        }
    }

    /**
     * Whether the link is closed.
     *
     * @return true from the moment of closing on, even if the protocol has not been told yet
     */
    public boolean isClosed() {
        return closed;
    }

    /** Whether it was closed because something has failed, so that what was written last may not have left. */
    boolean hasFailed() {
        return ending == Ending.FAILED;
    }

    /** Whether the loop is about to be told that the application waits for room. Safe from any thread. */
    boolean isRoomAsked() {
        return roomAsked;
    }

    /** The session's own flag, kept here where it takes no memory. Safe from any thread. */
    void roomAsked(boolean asked) {
        roomAsked = asked;
    }

    /**
     * Hands the link over to another protocol, which takes all that comes from now on.
     *
     * @param next the protocol that takes over
     */
    public void speak(Protocol next) {
        protocol = next;
    }

    /**
     * Ends a preamble, such as that of a proxy: from here on bytes travel inside TLS, and a tap sees them. The protocol is
     * told {@code opened} once TLS is established, at once without it.
     *
     * @param engine speaks TLS, or null for none
     * @param tap sees every byte from now on, or null
     * @throws IllegalStateException if the link speaks TLS already
     */
    public void begin(@Nullable SSLEngine engine, @Nullable WireTap tap) {
        if (tls != null) {
            throw new IllegalStateException("TLS inside TLS is not supported");
        }
        this.tap = tap;
        this.tls = engine == null ? null : new Tls(engine, this);
        connected();
    }

    /**
     * Has something run when the link is closed and its protocol has been told.
     *
     * @param task what to run on the loop; it takes the place of any that was given before
     */
    public void whenClosed(Runnable task) {
        whenClosed = task;
    }

    // Inbound

    @Override
    public void ready(SelectionKey key) throws IOException {
        if (closed) { // by another link's event, just now
            return;
        }
        int ready = key.readyOps();
        if ((ready & SelectionKey.OP_READ) != 0) {
            read();
        }
        if (ready == SelectionKey.OP_READ || closed) {
            return;
        }
        if ((ready & SelectionKey.OP_CONNECT) != 0) {
            channel.finishConnect();
            updateInterest();
            connected();
        } else if ((ready & SelectionKey.OP_WRITE) != 0) {
            drainQueue();
        }
    }

    private void read() throws IOException {
        ByteBuffer buffer = loop.readBuffer();
        int length = channel.read(buffer);
        loop.counters().read(Math.max(0, length));
        if (length < 0) {
            inputEnded = true;
            updateInterest();
            if (tls == null) {
                protocol.inputEnded();
            } else {
                tls.inputEnded();
            }
        } else if (length > 0) {
            if (tls == null) {
                received(buffer.flip());
            } else {
                tls.received(buffer.flip());
            }
        }
    }

    /** Takes plain bytes from the socket, or out of TLS. */
    void received(ByteBuffer input) {
        if (tap != null) {
            tap.received(input.asReadOnlyBuffer());
        }
        protocol.received(input);
        keep(input);
    }

    void tlsEstablished() {
        protocol.opened();
    }

    void tlsInputEnded() {
        protocol.inputEnded();
    }

    private void keep(ByteBuffer input) {
        if (input.hasRemaining() && !closed) {
            leftover = ByteBuffer.allocate(input.remaining()).put(input).flip();
        }
    }

    /** Stops reading, until {@link #resume()}; what the protocol has left in its input is kept. */
    public void pauseInput() {
        if (!paused) {
            paused = true;
            updateInterest();
        }
    }

    @Override
    public void resume() {
        if (paused) {
            paused = false;
            updateInterest();
            loop.afterEvent(this::redeliver);
        }
    }

    private void redeliver() {
        ByteBuffer input = leftover;
        if (input != null && !paused && !closed) {
            leftover = null;
            protocol.received(input);
            if (input.hasRemaining() && !closed) {
                leftover = input; // this link's own already: to copy it again and again would take quadratic time
            }
        }
        if (tls != null && !paused && !closed) {
            tls.resume();
        }
    }

    boolean isPaused() {
        return paused;
    }

    private void updateInterest() {
        if (!key.isValid()) {
            return;
        }
        boolean reads = !paused && !inputEnded && (tls == null || !tls.isBusy());
        int interest = (reads ? SelectionKey.OP_READ : 0) | (queue != null ? SelectionKey.OP_WRITE : 0);
        if (key.interestOps() != interest) {
            key.interestOps(interest);
        }
    }

    /** TLS has begun or ended work off the loop, during which nothing is read. */
    void tlsBusyChanged() {
        updateInterest();
    }

    // Outbound

    @Override
    public ByteBuffer reserve(int length) {
        return loop.cork(this, length);
    }

    @Override
    public void write(ByteBuffer bytes) {
        transmit(loop.uncork(this), bytes);
    }

    /** Sends what this link has in the cork. */
    void flush() {
        transmit(loop.uncork(this), NOTHING);
    }

    private void transmit(ByteBuffer head, ByteBuffer body) {
        try {
            if (tap != null) {
                tap.sent(head.asReadOnlyBuffer());
                tap.sent(body.asReadOnlyBuffer());
            }
            if (tls == null) {
                transmitRaw(head, body);
            } else {
                tls.send(head);
                tls.send(body);
            }
            head.position(head.limit());
            body.position(body.limit());
        } finally {
            loop.corkTaken();
        }
    }

    /** Sends bytes as they are, or queues them behind what waits already. */
    void transmitRaw(ByteBuffer head, ByteBuffer body) {
        if (closed || !(head.hasRemaining() || body.hasRemaining())) {
            return;
        }
        try {
            if (queue == null) {
                long written;
                if (!body.hasRemaining()) {
                    written = channel.write(head);
                } else if (!head.hasRemaining()) {
                    written = channel.write(body);
                } else {
                    written = channel.write(loop.pair(head, body));
                }
                loop.counters().wrote(written);
            }
        } catch (IOException e) {
            if (tls == null || tls.isEstablished()) {
                close(e);
            } // else what the peer has sent before it closed says why: it is read next
            return;
        }
        if (head.hasRemaining() || body.hasRemaining()) {
            enqueue(head, body);
        }
    }

    private void enqueue(ByteBuffer head, ByteBuffer body) {
        OutputQueue waiting = queue;
        if (waiting == null) {
            waiting = new OutputQueue(loop.chunks());
            waiting.stall = Recorder.here().stalled(this);
            loop.counters().stalled();
            queue = waiting;
        }
        waiting.append(head);
        waiting.append(body);
        backlog = waiting.size();
        updateInterest();
    }

    private void drainQueue() throws IOException {
        OutputQueue waiting = queue;
        if (waiting == null) {
            return;
        }
        boolean drained = waiting.writeTo(channel);
        loop.counters().wrote(backlog - waiting.size());
        backlog = waiting.size();
        if (drained) { // before anybody is told: what is sent from there begins a queue of its own
            queue = null;
            updateInterest();
        }
        protocol.progressed();
        if (drained) {
            end();
            if (!closed) {
                protocol.writable();
            }
        }
    }

    @Override
    public long backlog() {
        return backlog;
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    // The end

    @Override
    public void finish() {
        endWith(Ending.CLOSE);
    }

    @Override
    public void shutdownOutput() {
        if (ending != Ending.CLOSE) {
            endWith(Ending.SHUT_DOWN_OUTPUT);
        }
    }

    private void endWith(Ending next) {
        flush();
        if (tls != null) {
            tls.closeOutbound();
        }
        ending = next;
        end();
    }

    /** Does what was asked to follow the last byte, if the last byte has left. */
    private void end() {
        if (queue != null || closed) {
            return;
        }
        if (ending == Ending.CLOSE) {
            close(null);
        } else if (ending == Ending.SHUT_DOWN_OUTPUT) {
            try {
                channel.shutdownOutput();
            } catch (IOException e) {
                close(e);
            }
        }
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
        ending = cause == null ? ending : Ending.FAILED;
        loop.uncork(this);
        loop.corkTaken();
        leftover = null;
        if (queue != null) {
            queue.clear();
            queue = null;
            backlog = 0;
        }
        try {
            channel.close();
        } catch (IOException e) {
            if (cause != null) {
                cause.addSuppressed(e);
            }
        }
        loop.afterEvent(() -> tellClosed(cause));
    }

    private void tellClosed(@Nullable IOException cause) {
        try {
            protocol.closed(cause);
        } finally {
            loop.links().closed();
            if (whenClosed != null) {
                whenClosed.run();
            }
        }
    }

    @Override
    public void tick(long nowNanos) {
        protocol.tick(nowNanos);
    }

    @Override
    public void drain() {
        protocol.drain();
    }

    /** Stands in until the first protocol is made. */
    private enum Unspoken implements Protocol {
        INSTANCE;

        @Override
        public void received(ByteBuffer input) {}

        @Override
        public void inputEnded() {}

        @Override
        public void tick(long nowNanos) {}

        @Override
        public void closed(@Nullable IOException cause) {}
    }
}
