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
 * One connection after its opening handshake, as a state machine without I/O, threads or a clock. This is the interface
 * for a transport: bytes enter by {@link #receive}, bytes leave on a {@link Wire}, and {@link #tick} passes the time.
 * The application receives events through a {@link WebSocketListener} and holds the {@link #webSocket()}. Any carrier
 * of bytes can embed this class; the transports of Tenon use only its public methods.
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
 * <p>Not thread-safe: all calls come from the thread of the threadContext's executor. No call may come from inside
 * another call or from inside a call of the listener. The {@code WebSocket} is thread-safe.
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
     * Creates a connection whose opening handshake has succeeded. The listener is called on the connection's own
     * thread. Nothing is called or written before {@link #open}.
     *
     * @param role this end's role
     * @param options limits and deadlines
     * @param upgrade the result of the opening handshake
     * @param wire carries the bytes
     * @param threadContext the context that the connections of this thread share
     * @param listener receives the events
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
     * Creates a connection whose opening handshake has succeeded. Nothing is called or written before {@link #open}.
     *
     * @param role this end's role
     * @param options limits and deadlines
     * @param upgrade the result of the opening handshake
     * @param wire carries the bytes
     * @param threadContext the context that the connections of this thread share
     * @param listener receives the events
     * @param listenerExecutor calls the listener, one call at a time and in order; null to call it on the connection's
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
     * Returns the application's view of this connection.
     *
     * @return the same object at each call, thread-safe
     */
    public WebSocket webSocket() {
        return webSocket;
    }

    // Calls from the transport

    /** Opens the connection: calls the listener's {@code onOpen}. */
    public void open() {
        delivery.open();
        inbound.resumeIfWanted();
    }

    /**
     * Processes bytes from the peer. If bytes remain in {@code input}, {@link #isReadyForInput()} is false. The transport
     * then keeps these bytes, and passes them again before any other bytes when the connection calls {@link
     * Wire#resume()}.
     *
     * @param input the bytes, from position to limit; changed in place, borrowed until this returns
     * @throws IllegalStateException if it is called from inside itself, or from inside a call of the listener
     */
    public void receive(ByteBuffer input) {
        inbound.receive(input);
        if (handshake.reads()) {
            liveness.recordReceived();
        }
    }

    /**
     * Returns whether the connection accepts input. While this is false, the transport reads nothing.
     *
     * @return false while no more input fits until the application requests what has arrived
     */
    public boolean isReadyForInput() {
        return inbound.wantsMore();
    }

    /** The peer has ended its direction; no more bytes can arrive. */
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
     * The transport is closed. This is the last call, whatever the reason. The listener's {@code onClose} follows, at
     * once or after the messages that the listener has not requested yet. This method throws the exception that {@code
     * onClose} throws.
     *
     * @param cause the reason, if the close was not intended
     */
    public void ended(@Nullable IOException cause) {
        if (handshake.isEnded()) {
            return;
        }
        SerialListener serial = delivery.serial();
        if (serial != null) {
            delivery.request(serial.takeDemand()); // the thread may end: deliver what is requested now
        }
        CloseEvent event = handshake.ended(cause);
        inbound.release();
        outbound.release(cause);
        Mailbox mailbox = mailbox();
        CloseEvent reportedEvent = handshake.withLostMessages(event, mailbox == null ? 0 : mailbox.release());
        webSocket.ended(reportedEvent);
        if (cause != null && cause == reportedEvent.cause()) { // else the listener already knows the reason
            delivery.error(cause);
        }
        delivery.end(reportedEvent, handshake.isLocal()); // after the mailbox, where a close may have waited
    }

    /**
     * Handles the deadlines that are due: those of keepalive, of writing, of a message in assembly, of idleness and of
     * the closing handshake. Call it right after {@link #open}, and then no later than {@link #nextDeadline()}.
     *
     * @param nowNanos nanoseconds on any monotonic clock, the same clock for all calls
     */
    public void tick(long nowNanos) {
        if (!handshake.isEnded()) {
            liveness.tick(nowNanos, inbound).carryOut(this);
        }
    }

    /**
     * Returns when {@link #tick} has to be called next. Any other call can make this time earlier: check it after each
     * call, or about once a second.
     *
     * @return nanoseconds on the clock of {@code tick}, a time in the past if it is due now, or {@link Long#MAX_VALUE}
     */
    public long nextDeadline() {
        return handshake.isEnded() ? Long.MAX_VALUE : liveness.nextDeadline(inbound);
    }

    /** The backlog of the wire has fallen to zero: there is room again. */
    public void writable() {
        if (outbound.drained() && handshake.sends()) {
            delivery.writable();
            inbound.resumeIfWanted();
        }
    }

    /**
     * The wire has just tried to send all written bytes; its backlog is what it could not send. Call it after each
     * attempt that leaves a backlog, or that follows an attempt with a backlog. The call is cheap.
     */
    public void flushed() {
        if (!handshake.isLost()) {
            outbound.flushed();
        }
    }

    /**
     * Returns how the connection has ended or will end. The first Close frame or failure determines this.
     *
     * @return the event that {@code onClose} receives, or empty while no end has begun
     */
    public Optional<CloseEvent> closeEvent() {
        return Optional.ofNullable(handshake.outcome());
    }

    // The parts of the connection, for access by each other

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

    /** The mailbox for the calls that wait; null if no call has ever waited. */
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

    /** The wire's time, or {@link Wire#NO_CLOCK}. */
    long nanoTime() {
        return wire.nanoTime();
    }

    /** Writes the earlier sends of other threads before anything that follows. */
    void flushMailbox() {
        Mailbox mailbox = mailbox();
        if (mailbox != null) {
            mailbox.flush();
        }
    }
}
