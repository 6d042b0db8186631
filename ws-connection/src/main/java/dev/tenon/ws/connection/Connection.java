package dev.tenon.ws.connection;

import dev.tenon.ws.extension.ExtensionContext;
import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.extension.NegotiatedExtension;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.ClosePayload;
import dev.tenon.ws.frame.FrameRules;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.ProtocolException;
import dev.tenon.ws.frame.Role;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One connection after its opening handshake, as a state machine without I/O, threads or a clock: bytes go in by
 * {@link #receive}, bytes come out on a {@link Wire}, what happens is told to a {@link WebSocketListener}, and time is
 * handed in by {@link #tick}. Embed it in whatever carries bytes; the transports of Tenon do nothing else.
 *
 * <pre>{@code
 * Connection connection = new Connection(Role.SERVER, options, upgrade, wire, workspace, listener);
 * connection.open(connection);
 * connection.receive(bytes);              // whenever some have come
 * connection.tick(nowNanos);              // now and then, at nextDeadline() at the latest
 * connection.endOfInput();                // the peer has ended its direction
 * connection.ended(null);                 // the transport is closed: the last call
 * }</pre>
 *
 * <p>Not thread-safe: one thread at a time, the listener's calls included. Calls from within the listener are fine.
 */
public final class Connection implements WebSocket {
    private static final AttributeKey<CompletableFuture<CloseEvent>> CLOSED = AttributeKey.of("closed");

    private final Role role;
    private final Upgrade upgrade;
    private final Wire wire;

    private final ExtensionChain extensions;
    private final Inbound inbound;
    private final Outbound outbound;
    private final Delivery delivery;
    private final Liveness liveness;
    private final Attributes attributes = new Attributes();
    private final ConnectionExecutor executor;

    /** Volatile for those who ask from other threads; only this connection's thread moves it. */
    private volatile CloseState state = CloseState.OPEN;

    private @Nullable CloseEvent outcome;
    private boolean receiving;
    /** Whether the transport has been told to read no more. */
    private boolean stalled;
    /** Whether what waits has been thrown away. */
    private boolean aborted;

    /**
     * A connection whose opening handshake has just succeeded. Nothing is called or written before {@link #open}.
     *
     * @param role this end's role
     * @param options limits and deadlines
     * @param upgrade what the handshake has settled
     * @param wire carries the bytes
     * @param workspace shared by the connections of this thread
     * @param listener is told what happens
     */
    public Connection(
            Role role,
            ConnectionOptions options,
            Upgrade upgrade,
            Wire wire,
            Workspace workspace,
            WebSocketListener listener) {
        this.role = role;
        this.upgrade = upgrade;
        this.wire = wire;
        this.executor = workspace.executor();
        long maxLength = options.maxMessageLength();
        FrameRules rules = workspace.rules(role, maxLength);
        for (NegotiatedExtension extension : upgrade.extensions()) { // in the order in which the peer's messages grow
            rules = rules.withOwned(extension.rsv(), extension.opcodes())
                    .withMaxPayloadLength(extension.maxPayloadLength(rules.maxPayloadLength()));
        }
        delivery = new Delivery(listener, this, workspace);
        liveness = new Liveness(options);
        extensions = ExtensionChain.open(
                upgrade.extensions(), new ExtensionContext(role, maxLength), options.fragmentLength());
        try {
            outbound = new Outbound(extensions, workspace.encoder(role), wire, options, this);
            inbound = new Inbound(this, rules, options, extensions, delivery, outbound, liveness);
        } catch (Throwable thrown) {
            Throwable another = extensions.close();
            if (another != null) {
                thrown.addSuppressed(another);
            }
            throw thrown;
        }
    }

    /**
     * Begins: the listener's {@code onOpen} is called.
     *
     * @param session what the listener is given as its connection: this one, or a transport's wrapper around it
     */
    public void open(WebSocket session) {
        delivery.open(session);
        resumeIfWanted();
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
        if (receiving || delivery.isCalling()) {
            throw new IllegalStateException(
                    "bytes are being received already, or the listener called: give these afterwards");
        }
        process(input);
        if (state.reads()) {
            liveness.heard();
        }
    }

    /** Goes on with what an extension has kept back, and then with the input. */
    private void process(ByteBuffer input) {
        receiving = true;
        stalled = false;
        ByteOrder order = input.order();
        try {
            inbound.receive(input);
        } catch (ProtocolException violation) {
            fail(violation.closeCode(), Objects.requireNonNullElse(violation.getMessage(), ""), violation);
        } catch (Throwable broken) { // an extension's fault: the listener's own never come up to here
            failInternally(broken);
        } finally {
            receiving = false;
            input.order(order);
        }
        if (!state.reads()) {
            input.position(input.limit());
            release();
        }
        stalled = !wantsInput();
    }

    /**
     * Whether bytes may come. While this is false, the transport reads nothing.
     *
     * @return false while the application has not asked for what is there already
     */
    public boolean wantsInput() {
        return inbound.isReady() || !state.reads();
    }

    /**
     * The connection as its application holds it.
     *
     * @return the same object at each call
     */
    public WebSocket webSocket() {
        return this;
    }

    private void resumeIfWanted() {
        if (!stalled || state == CloseState.ENDED || delivery.isCalling()) {
            return; // or the call that is under way comes here when it is over
        }
        process(ByteBuffer.allocate(0));
        if (!stalled) {
            wire.resume();
        }
    }

    /** The peer has ended its direction; nothing can be received any more. */
    public void endOfInput() {
        if (state == CloseState.ENDED) {
            return;
        }
        settle(CloseCode.ABNORMAL_CLOSURE, null); // RFC 6455 §7.1.5: so it is without a Close frame
        move(CloseState.Event.FAILURE);
        release();
        wire.finish();
    }

    /**
     * The transport is closed, for whatever reason: the last call. The listener's {@code onClose} follows, at once or
     * behind the messages that it has not asked for yet. What {@code onClose} throws, this throws.
     *
     * @param cause why, if it was not meant to be
     */
    public void ended(@Nullable IOException cause) {
        if (state == CloseState.ENDED) {
            return;
        }
        CloseEvent event = settle(CloseCode.ABNORMAL_CLOSURE, cause);
        move(CloseState.Event.END);
        release();
        outbound.release(cause);
        closed().complete(event);
        delivery.end(event);
    }

    /**
     * Does what is due at a point of time: keepalive, and the deadline of the closing handshake. Call it right after
     * {@link #open}, and then at {@link #nextDeadline()} at the latest.
     *
     * @param nowNanos nanoseconds on any clock that only goes forward, the same for all calls
     */
    public void tick(long nowNanos) {
        if (state == CloseState.ENDED) {
            return;
        }
        if (outbound.progresses()) {
            liveness.heard();
        }
        switch (liveness.tick(nowNanos, stalled)) {
            case WELL -> {}
            case PING -> {
                if (state.sends()) {
                    outbound.keepalive(Inbound.KEEPALIVE);
                }
            }
            case HEARTBEAT -> {
                if (state.sends()) {
                    outbound.heartbeat();
                }
            }
            case SILENT -> giveUp("the peer has not answered a keepalive ping in time");
            case CLOSE_TIMED_OUT -> giveUp("the peer has not ended the connection in time");
        }
    }

    /**
     * When {@link #tick} has to be called next. Any other call can bring it nearer: ask after each, or every second or
     * so.
     *
     * @return nanoseconds on the clock of {@code tick}, in the past if it is due now, or {@link Long#MAX_VALUE}
     */
    public long nextDeadline() {
        return state == CloseState.ENDED ? Long.MAX_VALUE : liveness.nextDeadline();
    }

    /** The backlog of the wire has fallen to nothing: there is room again. */
    public void writable() {
        if (outbound.drained(state.sends()) && state.sends()) {
            delivery.writable();
            resumeIfWanted();
        }
    }

    /**
     * Somebody was told that there is no room, by other means than this connection's answer: the listener's
     * {@code onWritable} follows, at once if nothing waits.
     */
    public void requireWritable() {
        outbound.requireWritable();
        if (wire.backlog() == 0) {
            writable();
        }
    }

    /**
     * The wire has just tried to send all that was written: what it could not send is its backlog. Call it after each
     * attempt, for those who wait for {@link #whenSent()}; it costs next to nothing.
     */
    public void flushed() {
        if (!aborted) {
            outbound.flushed(state.sends());
        }
    }

    /**
     * Runs sends that the transport has taken already, from another thread for instance: the limit of what may wait
     * refuses none of them. The transport has held them to it when it took them.
     *
     * @param sends calls on this connection, made before this returns
     */
    public void sendAccepted(Runnable sends) {
        outbound.accepted(sends);
    }

    // What an application does

    @Override
    public SendResult sendText(String text) {
        return sendText(text, SendMode.EXTENDED);
    }

    @Override
    public SendResult sendText(String text, SendMode mode) {
        return state.sends() ? outbound.text(text, mode) : SendResult.REFUSED;
    }

    @Override
    public SendResult sendBinary(ByteBuffer data) {
        return sendBinary(data, SendMode.EXTENDED);
    }

    @Override
    public SendResult sendBinary(ByteBuffer data, SendMode mode) {
        return state.sends() ? outbound.binary(data, mode) : SendResult.REFUSED;
    }

    @Override
    public SendResult sendPiece(MessageType type, ByteBuffer piece, boolean last) {
        return state.sends() ? outbound.piece(type, piece, last, SendMode.EXTENDED) : SendResult.REFUSED;
    }

    @Override
    public SendResult sendPiece(MessageType type, ByteBuffer piece, boolean last, SendMode mode) {
        return state.sends() ? outbound.piece(type, piece, last, mode) : SendResult.REFUSED;
    }

    @Override
    public SendResult send(PreparedMessage message) {
        return state.sends() ? outbound.prepared(message) : SendResult.REFUSED;
    }

    @Override
    public CompletionStage<@Nullable Void> whenSent() {
        if (state == CloseState.ENDED || aborted) {
            return CompletableFuture.failedStage(new IOException("the connection has ended"));
        }
        return outbound.whenSent();
    }

    @Override
    public SendResult sendPing(ByteBuffer payload) {
        return state.sends() ? outbound.ping(payload) : SendResult.REFUSED;
    }

    @Override
    public Optional<Duration> roundTrip() {
        return outbound.roundTrip();
    }

    @Override
    public SendResult sendPong(ByteBuffer payload) {
        return state.sends() ? outbound.control(Opcode.PONG, payload) : SendResult.REFUSED;
    }

    @Override
    public void close(CloseCode code, String reason) {
        ClosePayload payload = new ClosePayload(code, reason);
        if (state.sends() && outbound.write(Opcode.CLOSE, payload.encode())) {
            move(CloseState.Event.LOCAL_CLOSE);
        }
    }

    @Override
    public void abort() {
        delivery.discard();
        abort(null);
    }

    @Override
    public void request(long messages) {
        if (messages <= 0) {
            throw new IllegalArgumentException("a demand is positive: " + messages);
        }
        delivery.request(messages);
        resumeIfWanted();
    }

    @Override
    public ReadyState readyState() {
        return state.readyState();
    }

    /**
     * How the connection has ended, or will: settled by the first Close frame or failure.
     *
     * @return what {@code onClose} is told, or empty while nothing speaks for an end
     */
    public Optional<CloseEvent> closeEvent() {
        return Optional.ofNullable(outcome);
    }

    @Override
    public long bufferedAmount() {
        return wire.backlog();
    }

    @Override
    public String url() {
        return upgrade.url();
    }

    @Override
    public String subprotocol() {
        return upgrade.subprotocol();
    }

    @Override
    public List<ExtensionOffer> extensions() {
        return upgrade.extensions().stream().map(NegotiatedExtension::agreed).toList();
    }

    @Override
    public ConnectionExecutor executor() {
        return executor;
    }

    @Override
    public CompletionStage<CloseEvent> whenClosed() {
        return closed().minimalCompletionStage();
    }

    private CompletableFuture<CloseEvent> closed() {
        CompletableFuture<CloseEvent> known = attributes.get(CLOSED);
        return known != null ? known : attributes.putIfAbsent(CLOSED, new CompletableFuture<>());
    }

    @Override
    public <T> @Nullable T attribute(AttributeKey<T> key) {
        return attributes.get(key);
    }

    @Override
    public <T> @Nullable T attribute(AttributeKey<T> key, @Nullable T value) {
        return attributes.put(key, value);
    }

    // The end

    /** Whether frames may be sent. */
    boolean sends() {
        return state.sends();
    }

    /** Whether frames from the peer still count. */
    boolean reads() {
        return state.reads();
    }

    /** The one place in which a failure becomes a Close frame (RFC 6455 §7.1.7). */
    private void fail(CloseCode code, String reason, Throwable cause) {
        if (!state.reads()) {
            return;
        }
        String sendable = new String(reason.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        settle(new CloseEvent(code, sendable, false, cause));
        if (state.sends()
                && !outbound.write(
                        Opcode.CLOSE, ClosePayload.cutToFit(code, sendable).encode())) {
            return;
        }
        move(CloseState.Event.FAILURE);
        wire.shutdownOutput();
        resumeIfWanted();
    }

    /** The peer closes, first or in answer. */
    void onPeerClose(ClosePayload payload) {
        if (state.sends() && !outbound.write(Opcode.CLOSE, payload.encode())) { // RFC 6455 §5.5.1: echoes the code
            return;
        }
        settle(new CloseEvent(payload.code(), payload.reason(), true, null));
        move(CloseState.Event.PEER_CLOSE);
        if (role == Role.SERVER) { // RFC 6455 §7.1.1: the server ends the transport, the client waits for it
            wire.finish();
        }
    }

    /**
     * The listener has thrown, and is told so before its next call. For a transport whose listener hands its calls over to
     * another thread: what leaves a call of this connection's own is known already.
     *
     * @param thrown the {@linkplain CloseEvent#cause() cause} of the end with 1011, unless it was ending before
     */
    public void listenerFailed(Throwable thrown) {
        delivery.discard();
        failInternally(thrown);
    }

    private void failInternally(Throwable thrown) {
        fail(CloseCode.INTERNAL_ERROR, "", thrown);
        delivery.error(thrown);
    }

    /** An outbound stage or the wire has thrown: what was written may be torn, so that nothing can be said any more. */
    void onTorn(Throwable thrown) {
        abort(thrown);
        delivery.error(thrown);
    }

    private void giveUp(String why) {
        abort(new IOException(why));
    }

    private void abort(@Nullable Throwable cause) {
        if (state != CloseState.ENDED) {
            settle(CloseCode.ABNORMAL_CLOSURE, cause);
            move(CloseState.Event.FAILURE);
            aborted = true;
            wire.abort();
            outbound.release(cause);
        }
    }

    private void move(CloseState.Event event) {
        state = state.after(event);
        liveness.closing();
    }

    private CloseEvent settle(CloseCode code, @Nullable Throwable cause) {
        return settle(new CloseEvent(code, "", false, cause));
    }

    /** The first word on how the connection ended is the last one. */
    private CloseEvent settle(CloseEvent event) {
        CloseEvent first = outcome == null ? event : outcome;
        outcome = first;
        return first;
    }

    private void release() {
        if (!receiving) { // a stage of the chain is never closed under its own feet
            inbound.release();
            Throwable thrown = extensions.close();
            if (thrown != null) {
                delivery.error(thrown);
            }
        }
    }
}
