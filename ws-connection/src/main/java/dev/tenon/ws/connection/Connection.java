package dev.tenon.ws.connection;

import dev.tenon.ws.extension.ExtensionContext;
import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.extension.NegotiatedExtension;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.ClosePayload;
import dev.tenon.ws.frame.FrameDecoder;
import dev.tenon.ws.frame.FrameEncoder;
import dev.tenon.ws.frame.FrameHandler;
import dev.tenon.ws.frame.FrameRules;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.ProtocolException;
import dev.tenon.ws.frame.Role;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
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
    private static final byte[] KEEPALIVE = {'t', 'e', 'n', 'o', 'n', 0, 'k', 'a'};

    private final Role role;
    private final ConnectionOptions options;
    private final Upgrade upgrade;
    private final Wire wire;
    private final GuardedListener listener;

    private final FrameDecoder decoder;
    private final ExtensionChain extensions;
    private final MessageAssembler assembler;
    private final FrameHandler inbound;
    private final MessageWriter writer;
    private final Inbox inbox;
    private final Liveness liveness;

    /** Volatile for those who ask from other threads; only this connection's thread moves it. */
    private volatile CloseState state = CloseState.OPEN;

    private @Nullable CloseEvent outcome;
    private boolean closeTold;
    private boolean receiving;
    private boolean stalled;
    private boolean congested;
    private byte @Nullable [] pendingPong;

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
        this.options = options;
        this.upgrade = upgrade;
        this.wire = wire;
        this.listener = new GuardedListener(listener, this, workspace, this::onThrown);
        FrameRules rules = FrameRules.receivedBy(role).withMaxPayloadLength(options.maxMessageLength());
        for (NegotiatedExtension extension : upgrade.extensions()) {
            rules = rules.withOwned(extension.rsv(), extension.opcodes());
        }
        decoder = new FrameDecoder(rules);
        extensions = new ExtensionChain(upgrade.extensions(), new ExtensionContext(role, options.maxMessageLength()));
        Receiver receiver = new Receiver();
        boolean streams = listener instanceof StreamingListener;
        assembler = new MessageAssembler(receiver, streams, options);
        inbound = extensions.inbound(assembler);
        boolean masks = role == Role.CLIENT;
        FrameEncoder encoder = masks ? FrameEncoder.masking(workspace.maskingKeys()) : FrameEncoder.unmasked();
        writer = new MessageWriter(extensions.outbound(new FrameWriter(encoder, masks, wire)));
        inbox = new Inbox(this.listener::message, !streams, listener.initialDemand());
        liveness = new Liveness(options);
    }

    /**
     * Begins: the listener's {@code onOpen} is called.
     *
     * @param session what the listener is given as its connection: this one, or a transport's wrapper around it
     */
    public void open(WebSocket session) {
        listener.open(session);
    }

    /**
     * Takes bytes that have come from the peer, and does all that follows from them. Bytes are left in {@code input}
     * only if {@link #wantsInput()} is false afterwards: keep them, and give them again, before any others, when the
     * wire is told to {@linkplain Wire#resume() resume}.
     *
     * @param input the bytes, from position to limit; changed in place, borrowed until this returns
     */
    public void receive(ByteBuffer input) {
        liveness.heard();
        receiving = true;
        try {
            while (state.reads() && inbox.hasRoom() && decoder.decode(input, inbound)) {
                // one piece a turn: each may change what holds for the next
            }
        } catch (ProtocolException violation) {
            fail(violation.closeCode(), Objects.requireNonNullElse(violation.getMessage(), ""), violation);
        } catch (RuntimeException broken) { // an extension's fault: the listener's own never come up to here
            onThrown(broken);
        } finally {
            receiving = false;
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
        return inbox.hasRoom() || !state.reads();
    }

    /** The peer has ended its direction; nothing can be received any more. */
    public void endOfInput() {
        if (state.reads()) { // RFC 6455 §7.1.5: without a Close frame the code is 1006
            settle(new CloseEvent(CloseCode.ABNORMAL_CLOSURE, "", false, null));
            state = state.after(CloseState.Event.FAILURE);
        }
        release();
        wire.finish();
    }

    /**
     * The transport is closed, for whatever reason: the last call. The listener's {@code onClose} follows, at once or
     * behind the messages that it has not asked for yet.
     *
     * @param cause why, if it was not meant to be
     */
    public void ended(@Nullable IOException cause) {
        if (state == CloseState.ENDED) {
            return;
        }
        state = state.after(CloseState.Event.END);
        settle(new CloseEvent(CloseCode.ABNORMAL_CLOSURE, "", false, cause));
        release();
        tellClose();
    }

    /**
     * Does what is due at a point of time: keepalive, and the deadline of the closing handshake. Call it at
     * {@link #nextDeadline()} at the latest, and about every second for exact limits.
     *
     * @param nowNanos nanoseconds on any clock that only goes forward, the same for all calls
     */
    public void tick(long nowNanos) {
        if (state == CloseState.ENDED) {
            return;
        }
        switch (liveness.tick(nowNanos, stalled)) {
            case WELL -> {}
            case PING -> {
                if (state.sends()) {
                    writer.control(Opcode.PING, ByteBuffer.wrap(KEEPALIVE));
                }
            }
            case SILENT -> abort("the peer has not answered a keepalive ping in time");
            case CLOSE_TIMED_OUT -> abort("the peer has not ended the connection in time");
        }
    }

    /**
     * When {@link #tick} has to be called next, as of its last call. A close that was begun since then only shows
     * after another tick.
     *
     * @return nanoseconds on the clock of {@code tick}, or {@link Long#MAX_VALUE}
     */
    public long nextDeadline() {
        return liveness.nextDeadline();
    }

    /** The backlog of the wire has fallen to nothing: there is room again. */
    public void writable() {
        byte[] pong = pendingPong;
        if (pong != null && state.sends()) {
            pendingPong = null;
            writer.control(Opcode.PONG, ByteBuffer.wrap(pong));
        }
        if (congested) {
            congested = false;
            listener.writable();
        }
    }

    /**
     * Somebody was told that there is no room, by other means than this connection's answer: the listener's
     * {@code onWritable} follows, at once if nothing waits.
     */
    public void requireWritable() {
        congested = true;
        if (wire.backlog() == 0) {
            writable();
        }
    }

    // What an application does

    @Override
    public SendResult sendText(String text) {
        ByteBuffer payload = MessageWriter.encode(text);
        writer.requireBetweenMessages();
        if (refuses(payload.remaining())) {
            return SendResult.REFUSED;
        }
        writer.message(MessageType.TEXT, payload);
        return sent();
    }

    @Override
    public SendResult sendBinary(ByteBuffer data) {
        writer.requireBetweenMessages();
        if (refuses(data.remaining())) {
            return SendResult.REFUSED;
        }
        writer.message(MessageType.BINARY, data);
        return sent();
    }

    @Override
    public SendResult sendPiece(MessageType type, ByteBuffer piece, boolean last) {
        if (refuses(piece.remaining())) {
            return SendResult.REFUSED;
        }
        writer.piece(type, piece, last);
        return sent();
    }

    @Override
    public SendResult sendPing(ByteBuffer payload) {
        return sendControl(Opcode.PING, payload);
    }

    @Override
    public SendResult sendPong(ByteBuffer payload) {
        return sendControl(Opcode.PONG, payload);
    }

    private SendResult sendControl(Opcode opcode, ByteBuffer payload) {
        MessageWriter.requireControlPayload(payload);
        if (refuses(payload.remaining())) {
            return SendResult.REFUSED;
        }
        writer.control(opcode, payload);
        return sent();
    }

    private boolean refuses(int length) {
        if (!state.sends()) {
            return true;
        }
        long backlog = wire.backlog();
        boolean full = backlog > 0 && backlog + length > options.outboundLimit();
        congested |= full;
        return full;
    }

    private SendResult sent() {
        if (wire.backlog() > options.highWaterMark()) {
            congested = true;
            return SendResult.CONGESTED;
        }
        return SendResult.QUEUED;
    }

    @Override
    public void close(CloseCode code, String reason) {
        ClosePayload payload = new ClosePayload(code, reason);
        if (state == CloseState.OPEN) {
            writer.control(Opcode.CLOSE, payload.encode());
            move(CloseState.Event.LOCAL_CLOSE);
        }
    }

    @Override
    public void abort() {
        abort(null);
    }

    private void abort(@Nullable String why) {
        if (state == CloseState.ENDED) {
            return;
        }
        IOException cause = why == null ? null : new IOException(why);
        settle(new CloseEvent(CloseCode.ABNORMAL_CLOSURE, "", false, cause));
        inbox.clear();
        state = state.after(CloseState.Event.FAILURE);
        wire.abort();
    }

    @Override
    public void request(long messages) {
        if (messages <= 0) {
            throw new IllegalArgumentException("a demand is positive: " + messages);
        }
        inbox.request(messages);
        if (stalled && wantsInput()) {
            stalled = false;
            wire.resume();
        }
        if (state == CloseState.ENDED) {
            tellClose();
        }
    }

    @Override
    public ReadyState readyState() {
        return state.readyState();
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

    // The end

    /** The one place in which a failure becomes a Close frame (RFC 6455 §7.1.7). */
    private void fail(CloseCode code, String reason, Throwable cause) {
        settle(new CloseEvent(code, reason, false, cause));
        if (state.sends()) {
            writer.control(Opcode.CLOSE, ClosePayload.cutToFit(code, reason).encode());
        }
        if (state.reads()) {
            move(CloseState.Event.FAILURE);
            wire.shutdownOutput();
        }
    }

    private void onPeerClose(ClosePayload payload) {
        if (state.sends()) {
            writer.control(Opcode.CLOSE, payload.encode()); // RFC 6455 §5.5.1: typically echoes the code
        }
        settle(new CloseEvent(payload.code(), payload.reason(), true, null));
        move(CloseState.Event.PEER_CLOSE);
        if (role == Role.SERVER) { // RFC 6455 §7.1.1: the server ends the transport, the client waits for it
            wire.finish();
        }
    }

    private void move(CloseState.Event event) {
        state = state.after(event);
        liveness.closing();
    }

    /** The first word on how the connection ended is the last one. */
    private void settle(CloseEvent event) {
        if (outcome == null) {
            outcome = event;
        }
    }

    private void release() {
        if (!receiving) { // a stage of the chain is never closed under its own feet
            assembler.release();
            extensions.close();
            pendingPong = null;
        }
    }

    private void tellClose() {
        CloseEvent event = outcome;
        if (event != null && !closeTold && inbox.isEmpty()) {
            closeTold = true;
            listener.close(event);
        }
    }

    /** What the listener, or an extension, has thrown ends this connection and nothing else. */
    private void onThrown(Throwable thrown) {
        inbox.clear();
        fail(CloseCode.INTERNAL_ERROR, "", thrown);
        listener.error(thrown);
    }

    /** What the inbound chain leads to. */
    private final class Receiver implements MessageAssembler.Sink {
        @Override
        public void onMessage(MessageType type, ByteBuffer payload, boolean last) {
            inbox.put(type, payload, last);
        }

        @Override
        public void onControl(Opcode opcode, ByteBuffer payload) {
            if (!liveness.takeControlToken()) {
                throw new ProtocolException(CloseCode.POLICY_VIOLATION, "too many control frames");
            }
            switch (opcode) {
                case CLOSE -> onPeerClose(ClosePayload.decode(payload));
                case PING -> onPing(payload);
                default -> onPong(payload);
            }
        }

        private void onPing(ByteBuffer payload) {
            int start = payload.position();
            if (wire.backlog() > options.highWaterMark()) {
                byte[] newest = new byte[payload.remaining()]; // RFC 6455 §5.5.3: the newest ping may stand for all
                payload.get(newest);
                pendingPong = newest;
            } else if (state.sends()) {
                writer.control(Opcode.PONG, payload);
            }
            payload.position(start);
            listener.ping(payload);
        }

        private void onPong(ByteBuffer payload) {
            if (liveness.awaitsPong() && payload.equals(ByteBuffer.wrap(KEEPALIVE))) {
                return;
            }
            listener.pong(payload);
        }
    }
}
