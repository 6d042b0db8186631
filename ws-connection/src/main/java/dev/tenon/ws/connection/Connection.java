package dev.tenon.ws.connection;

import dev.tenon.ws.extension.Upgrade;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.ClosePayload;
import dev.tenon.ws.frame.FrameRules;
import dev.tenon.ws.frame.LimitViolation;
import dev.tenon.ws.frame.ProtocolException;
import dev.tenon.ws.frame.Role;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
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
 * <p>Not thread-safe: all calls come from the thread of the thread context's executor, and never from within one another or
 * from within a call of the listener. The {@code WebSocket} is thread-safe.
 */
public final class Connection {
    private final ConnectionOptions options;
    private final Upgrade upgrade;
    private final Wire wire;
    private final @Nullable SocketAddress remoteAddress;

    private final CloseHandshake handshake;
    private final ConnectionWebSocket webSocket;
    private final Inbound inbound;
    private final Outbound outbound;
    private final Delivery delivery;
    private final Liveness liveness;
    /** Calls the listener elsewhere than on the connection's thread, or null. */
    private final @Nullable SerialListener serial;

    private long bytesReceived;
    private boolean receiving;
    /** Whether the transport has been told to read no more. */
    private boolean stalled;
    /** Whether the executor is about to look whether all has left. */
    private boolean flushing;

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
        this.options = options;
        this.upgrade = upgrade;
        this.wire = wire;
        this.remoteAddress = wire.remoteAddress();
        long maxLength = options.maxMessageLength();
        FrameRules rules = threadContext.rules(role, maxLength, upgrade.extensions());
        webSocket = new ConnectionWebSocket(this, threadContext.executor());
        serial = listenerExecutor == null ? null : SerialListener.of(listener, listenerExecutor, this);
        handshake = new CloseHandshake(role, wire, this);
        delivery = new Delivery(serial == null ? listener : serial, webSocket, threadContext, this);
        liveness = new Liveness(options);
        ExtensionChain extensions = ExtensionChain.open(
                upgrade.extensions(), threadContext.extensionContext(role, maxLength), options.fragmentLength());
        try {
            outbound = new Outbound(extensions, threadContext.encoder(role), wire, options, handshake);
            inbound = new Inbound(this, rules, options, extensions, delivery, outbound);
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
        int start = input.position();
        process(input);
        bytesReceived += input.position() - start;
        if (handshake.reads()) {
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
            fail(violation);
        } catch (Throwable broken) { // an extension's fault: the listener's own never come up to here
            failInternally(broken);
        } finally {
            receiving = false;
            input.order(order);
        }
        if (!handshake.reads()) {
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
        return inbound.isReady() || !handshake.reads();
    }

    private void resumeIfWanted() {
        if (!stalled || handshake.isEnded() || delivery.isCalling()) {
            return; // or the call that is under way comes here when it is over
        }
        process(ByteBuffer.allocate(0));
        if (!stalled) {
            wire.resume();
        }
    }

    /** The peer has ended its direction; nothing can be received any more. */
    public void endOfInput() {
        if (handshake.isEnded()) {
            return;
        }
        flushMailbox();
        handshake.endOfInput();
        release();
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
        if (serial != null) {
            delivery.request(serial.takeDemand()); // the thread may end: what is there and wanted is told now
        }
        CloseEvent event = handshake.ended(cause);
        release();
        outbound.release(cause);
        Mailbox mailbox = webSocket.knownMailbox();
        if (mailbox != null) {
            mailbox.release();
        }
        CloseEvent told = handshake.told(event);
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
        if (handshake.isEnded()) {
            return;
        }
        switch (liveness.tick(nowNanos, inbound)) {
            case NOTHING_DUE -> {}
            case PING -> {
                if (handshake.sends()) {
                    outbound.keepalive(Inbound.KEEPALIVE);
                }
            }
            case HEARTBEAT -> {
                if (handshake.sends()) {
                    outbound.heartbeat();
                }
            }
            case SILENT -> giveUp("the peer has not answered a keepalive ping in time");
            case CLOSE_TIMED_OUT -> closeTimedOut();
            case WRITE_STALLED -> giveUp("the peer has taken nothing of what waits for " + options.writeTimeout());
            case MESSAGE_STALLED -> tooSlow(LimitViolation.MESSAGE_STALLED, options.messageProgressTimeout());
            case MESSAGE_TOO_SLOW -> tooSlow(LimitViolation.MESSAGE_TOO_SLOW, options.messageTimeout());
            case IDLE -> webSocket.close(CloseCode.GOING_AWAY, "idle");
        }
    }

    /** A Close frame that waits behind a message in pieces, which has not ended, may be sent between two of them. */
    private void closeTimedOut() {
        Mailbox mailbox = webSocket.knownMailbox();
        if (mailbox == null || !handshake.sends()) {
            giveUp("the peer has not ended the connection in time");
            return;
        }
        mailbox.stopWaiting();
        liveness.closeSent();
    }

    private void tooSlow(LimitViolation violation, Duration limit) {
        fail(new ProtocolException(violation, "the limit is " + limit));
        release();
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
        if (outbound.drained(handshake.sends()) && handshake.sends()) {
            delivery.writable();
            resumeIfWanted();
        }
    }

    /**
     * The wire has just tried to send all that was written: what it could not send is its backlog. Call it after each
     * attempt that leaves something, or that follows one which did; it costs next to nothing.
     */
    public void flushed() {
        if (!handshake.isLost() && !wire.isBroken()) {
            outbound.flushed(handshake.sends());
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

    // What its parts and its WebSocket ask for

    ConnectionOptions options() {
        return options;
    }

    Upgrade upgrade() {
        return upgrade;
    }

    @Nullable
    SocketAddress remoteAddress() {
        return remoteAddress;
    }

    TrafficCounters counters() {
        return new TrafficCounters(inbound.received(), bytesReceived, outbound.messages(), outbound.written());
    }

    ReadyState readyState() {
        return handshake.readyState();
    }

    /** Whether frames may be sent. Safe from any thread. */
    boolean sends() {
        return handshake.sends();
    }

    /** Whether frames from the peer still count. */
    boolean reads() {
        return handshake.reads();
    }

    /** Now, if the wire has a clock. */
    long nanoTime() {
        return wire.nanoTime();
    }

    /** Counts a frame without content, of which no length is a bound; false if there are too many. */
    boolean takeControlToken() {
        return liveness.takeControlToken(wire.nanoTime());
    }

    boolean isStalled() {
        return stalled;
    }

    Outbound outbound() {
        return outbound;
    }

    Mailbox newMailbox() {
        MailDelivery recipient = new MailDelivery(this, handshake, liveness);
        return new Mailbox(webSocket.executor, recipient, options.highWaterMark(), options.outboundLimit());
    }

    /** What other threads have sent before leaves before what follows. */
    private void flushMailbox() {
        Mailbox mailbox = webSocket.knownMailbox();
        if (mailbox != null) {
            mailbox.flush();
        }
    }

    CompletionStage<@Nullable Void> whenSent() {
        if (handshake.isLost() || wire.isBroken()) {
            return CompletableFuture.failedStage(new IOException("the connection has ended"));
        }
        CompletionStage<@Nullable Void> sent = outbound.whenSent();
        if (outbound.isAwaited()) {
            flushLater();
        }
        return sent;
    }

    void whenSent(CompletableFuture<@Nullable Void> sent) {
        if (handshake.isLost() || wire.isBroken()) {
            sent.completeExceptionally(new IOException("the connection has ended"));
        } else {
            outbound.whenSent(sent);
            flushLater();
        }
    }

    /**
     * Has somebody who waits for it learn that all has left, behind the event at hand and behind the turns of others: who
     * then sends the next message, and waits again, has one turn for each. A direct executor has no such thing as later;
     * its transport says when it has tried.
     */
    void flushLater() {
        if (flushing || webSocket.executor instanceof ConnectionExecutor.Direct) {
            return;
        }
        flushing = true;
        try {
            webSocket.executor.execute(() -> {
                flushing = false;
                flushed();
            });
        } catch (RejectedExecutionException ended) {
            flushing = false; // so has the connection, or it is about to: whoever waits is told then
        }
    }

    /** Asks for more messages. From any thread. */
    void request(long messages) {
        if (serial != null) {
            serial.request(messages);
        } else {
            ask(messages);
        }
    }

    /** Asks this connection itself for messages. From any thread. */
    void ask(long messages) {
        call(() -> {
            delivery.request(messages);
            resumeIfWanted();
        });
    }

    /**
     * Does something on the connection's thread. If that has ended, so has the connection, and what it holds still is told
     * here, one connection of the thread after the other: they share its thread context. From any thread.
     */
    void call(Runnable task) {
        ConnectionExecutor executor = webSocket.executor;
        if (executor.isCurrentThread()) {
            task.run();
            return;
        }
        try {
            executor.execute(task);
        } catch (RejectedExecutionException ended) {
            synchronized (executor) {
                task.run();
            }
        }
    }

    void close(ClosePayload payload) {
        handshake.close(payload);
        if (handshake.isEnded()) {
            delivery.discard();
        }
    }

    /** Ends the connection at once. From any thread. */
    void abort() {
        if (serial != null) {
            serial.discard();
        }
        call(() -> {
            delivery.discard();
            handshake.abort(null);
        });
    }

    /** A message was not taken, and its sender is not told otherwise. */
    void overflow() {
        String why = "more than " + options.outboundLimit() + " bytes would wait to be sent";
        fail(CloseCode.TRY_AGAIN_LATER, "", new IOException(why));
    }

    // The end

    /** The peer closes, first or in answer. */
    void onPeerClose(ClosePayload payload) {
        flushMailbox();
        handshake.peerClosed(payload);
    }

    /** The one way from a violation to the wire. */
    private void fail(ProtocolException violation) {
        fail(violation.closeCode(), Objects.requireNonNullElse(violation.getMessage(), ""), violation);
    }

    private void fail(CloseCode code, String reason, Throwable cause) {
        if (handshake.fail(code, reason, cause)) {
            delivery.error(cause);
            resumeIfWanted();
        }
    }

    private void failInternally(Throwable thrown) {
        handshake.fail(CloseCode.INTERNAL_ERROR, "", thrown);
        delivery.error(thrown);
        resumeIfWanted();
    }

    /** The listener has thrown, or cannot be called: it is told so before its next call. */
    void listenerFailed(ListenerException failure) {
        delivery.discard();
        failInternally(failure);
    }

    void tellError(Throwable thrown) {
        delivery.error(thrown);
    }

    private void giveUp(String why) {
        IOException cause = new IOException(why);
        handshake.abort(cause);
        delivery.error(cause);
    }

    /** The state has moved: from the first step out of open on, a deadline runs. */
    void closing() {
        liveness.closing();
        wire.updateDeadline();
    }

    private void release() {
        if (!receiving) { // a stage of the chain is never closed under its own feet
            inbound.release();
            Throwable thrown = outbound.closeExtensions();
            if (thrown != null) {
                delivery.error(thrown);
            }
        }
    }
}
