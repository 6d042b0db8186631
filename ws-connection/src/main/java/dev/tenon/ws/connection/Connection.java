package dev.tenon.ws.connection;

import dev.tenon.ws.extension.Upgrade;
import dev.tenon.ws.frame.FrameRules;
import dev.tenon.ws.frame.Role;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One connection after its opening handshake, as a state machine without I/O, threads or a clock, and as its transport
 * drives it: bytes go in by {@link #receive}, bytes come out on a {@link Wire}, and time is handed in by {@link #tick}. Its
 * application is told what happens by a {@link WebSocketListener}, and holds its {@link #webSocket()}. Embed it in whatever
 * carries bytes; the transports of Tenon do nothing else.
 *
 * <pre>{@code
 * Connection connection = new Connection(Role.SERVER, options, upgrade, wire, threadContext, listener);
 * connection.open();
 * connection.receive(bytes);              // whenever some have come
 * connection.tick(nowNanos);              // now and then, at nextDeadline() at the latest
 * connection.endOfInput();                // the peer has ended its direction
 * connection.ended(null);                 // the transport is closed: the last call
 * }</pre>
 *
 * <p>Not thread-safe: all calls come from the thread of the threadContext's executor, and never from within one another or
 * from within a call of the listener. The {@code WebSocket} is thread-safe.
 */
public final class Connection {
    private final Upgrade upgrade;
    private final Wire wire;
    private final @Nullable SocketAddress remoteAddress;

    private final CloseHandshake handshake;
    private final ConnectionWebSocket webSocket;
    private final Inbound inbound;
    private final Outbound outbound;
    private final Delivery delivery;
    private final Liveness liveness;

    /**
     * A connection whose opening handshake has just succeeded, and whose listener is called on its own thread. Nothing is
     * called or written before {@link #open}.
     *
     * @param role this end's role
     * @param options limits and deadlines
     * @param upgrade what the handshake has settled
     * @param wire carries the bytes
     * @param threadContext shared by the connections of this thread
     * @param listener is told what happens
     */
    public Connection(
            Role role,
            ConnectionOptions options,
            Upgrade upgrade,
            Wire wire,
            ThreadContext threadContext,
            WebSocketListener listener) {
        this(role, options, upgrade, wire, threadContext, listener, null);
    }

    /**
     * A connection whose opening handshake has just succeeded. Nothing is called or written before {@link #open}.
     *
     * @param role this end's role
     * @param options limits and deadlines
     * @param upgrade what the handshake has settled
     * @param wire carries the bytes
     * @param threadContext shared by the connections of this thread
     * @param listener is told what happens
     * @param listenerExecutor where the listener is called, one call at a time and in order; null for on the connection's
     *     thread
     */
    public Connection(
            Role role,
            ConnectionOptions options,
            Upgrade upgrade,
            Wire wire,
            ThreadContext threadContext,
            WebSocketListener listener,
            @Nullable Executor listenerExecutor) {
        this.upgrade = upgrade;
        this.wire = wire;
        this.remoteAddress = wire.remoteAddress();
        webSocket = new ConnectionWebSocket(this, threadContext.executor());
        WebSocketListener called =
                listenerExecutor == null ? listener : SerialListener.of(listener, listenerExecutor, this);
        handshake = new CloseHandshake(role, wire, this);
        delivery = new Delivery(called, webSocket, threadContext, this);
        liveness = new Liveness(options);
        ExtensionChain extensions = threadContext.openExtensions(role, options, upgrade);
        try {
            outbound = new Outbound(extensions, threadContext.encoder(role), wire, options, handshake);
            FrameRules rules = threadContext.rules(role, options.maxMessageLength(), upgrade.extensions());
            inbound = new Inbound(handshake, delivery, rules, extensions, options.maxMessageLength());
        } catch (Throwable thrown) {
            Throwable another = extensions.close();
            if (another != null) {
                thrown.addSuppressed(another);
            }
            throw thrown;
        }
    }

    /**
     * The connection as its application holds it.
     *
     * @return the same object at each call, thread-safe
     */
    public WebSocket webSocket() {
        return webSocket;
    }

    // What a transport does

    /** Begins: the listener's {@code onOpen} is called. */
    public void open() {
        delivery.open();
        inbound.resumeIfWanted();
    }

    /**
     * Takes bytes that have come from the peer, and does all that follows from them. Bytes are left in {@code input}
     * only if {@link #wantsInput()} is false afterwards: keep them, and give them again, before any others, when the
     * wire is told to {@linkplain Wire#resume() resume}.
     *
     * @param input the bytes, from position to limit; changed in place, borrowed until this returns
     * @throws IllegalStateException if it is called from within itself, or from within a call of the listener
     */
    public void receive(ByteBuffer input) {
        inbound.receive(input);
        if (handshake.reads()) {
            liveness.heard();
        }
    }

    /**
     * Whether bytes may come. While this is false, the transport reads nothing.
     *
     * @return false while the application has not asked for what is there already
     */
    public boolean wantsInput() {
        return inbound.wantsMore();
    }

    /** The peer has ended its direction; nothing can be received any more. */
    public void endOfInput() {
        if (handshake.isEnded()) {
            return;
        }
        flushMailbox();
        handshake.endOfInput();
        inbound.release();
        outbound.finish();
    }

    /**
     * The transport is closed, for whatever reason: the last call. The listener's {@code onClose} follows, at once or
     * behind the messages that it has not asked for yet. What {@code onClose} throws, this throws.
     *
     * @param cause why, if it was not meant to be
     */
    public void ended(@Nullable IOException cause) {
        if (handshake.isEnded()) {
            return;
        }
        SerialListener serial = delivery.serial();
        if (serial != null) {
            delivery.request(serial.takeDemand()); // the thread may end: what is there and wanted is told now
        }
        CloseEvent event = handshake.ended(cause);
        inbound.release();
        outbound.release(cause);
        Mailbox mailbox = mailbox();
        CloseEvent told = handshake.told(event, mailbox == null ? 0 : mailbox.release());
        webSocket.ended(told);
        if (cause != null && cause == told.cause()) { // else it has been told why
            delivery.error(cause);
        }
        delivery.end(told, handshake.isLocal());
    }

    /**
     * Does what is due at a point of time: keepalive, and the deadlines of writing, of a message that is being joined, of
     * idleness and of the closing handshake. Call it right after
     * {@link #open}, and then at {@link #nextDeadline()} at the latest.
     *
     * @param nowNanos nanoseconds on any clock that only goes forward, the same for all calls
     */
    public void tick(long nowNanos) {
        if (!handshake.isEnded()) {
            liveness.tick(nowNanos, inbound).carryOut(this);
        }
    }

    /**
     * When {@link #tick} has to be called next. Any other call can bring it nearer: ask after each, or every second or
     * so.
     *
     * @return nanoseconds on the clock of {@code tick}, in the past if it is due now, or {@link Long#MAX_VALUE}
     */
    public long nextDeadline() {
        return handshake.isEnded() ? Long.MAX_VALUE : liveness.nextDeadline(inbound);
    }

    /** The backlog of the wire has fallen to nothing: there is room again. */
    public void writable() {
        if (outbound.drained() && handshake.sends()) {
            delivery.writable();
            inbound.resumeIfWanted();
        }
    }

    /**
     * The wire has just tried to send all that was written: what it could not send is its backlog. Call it after each
     * attempt that leaves something, or that follows one which did; it costs next to nothing.
     */
    public void flushed() {
        if (!handshake.isLost()) {
            outbound.flushed();
        }
    }

    /**
     * How the connection has ended, or will: settled by the first Close frame or failure.
     *
     * @return what {@code onClose} is told, or empty while nothing speaks for an end
     */
    public Optional<CloseEvent> closeEvent() {
        return Optional.ofNullable(handshake.outcome());
    }

    // Its parts, for one another

    CloseHandshake handshake() {
        return handshake;
    }

    Inbound inbound() {
        return inbound;
    }

    Outbound outbound() {
        return outbound;
    }

    Delivery delivery() {
        return delivery;
    }

    Liveness liveness() {
        return liveness;
    }

    ConnectionWebSocket calls() {
        return webSocket;
    }

    /** The calls of other threads that wait; null if none ever has. */
    @Nullable
    Mailbox mailbox() {
        return webSocket.knownMailbox();
    }

    ConnectionOptions options() {
        return liveness.options();
    }

    Upgrade upgrade() {
        return upgrade;
    }

    @Nullable
    SocketAddress remoteAddress() {
        return remoteAddress;
    }

    void resumeWire() {
        wire.resume();
    }

    /** The time, if the wire has a clock. */
    long nanoTime() {
        return wire.nanoTime();
    }

    /** What other threads have sent before leaves before what follows. */
    void flushMailbox() {
        Mailbox mailbox = mailbox();
        if (mailbox != null) {
            mailbox.flush();
        }
    }
}
