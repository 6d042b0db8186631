package dev.tenon.ws.transport;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tenon.ws.connection.AttributeKey;
import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.Connection;
import dev.tenon.ws.connection.ConnectionExecutor;
import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.connection.MessageType;
import dev.tenon.ws.connection.PreparedMessage;
import dev.tenon.ws.connection.ReadyState;
import dev.tenon.ws.connection.SendMode;
import dev.tenon.ws.connection.SendResult;
import dev.tenon.ws.connection.Upgrade;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.ClosePayload;
import dev.tenon.ws.frame.FrameRules;
import dev.tenon.ws.frame.ProtocolException;
import dev.tenon.ws.frame.Role;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Connection} on a {@link Link}: the WebSocket protocol of both roles, and the {@link WebSocket} that the
 * application holds. As a {@code WebSocket} it is safe from any thread: calls on the loop go straight through, calls from
 * elsewhere take a copy and wait their turn. Once the socket has failed all sends are refused, before the listener is told.
 */
public final class Session implements Protocol, WebSocket {
    private static final Seldom FAILURES =
            new Seldom(System.getLogger("dev.tenon.ws.transport"), System.Logger.Level.WARNING);
    private static final AtomicLongFieldUpdater<Session> HANDED_OVER =
            AtomicLongFieldUpdater.newUpdater(Session.class, "handedOver");

    private final Link link;
    private final Connection connection;
    private final ConnectionOptions options;
    /** Calls the listener elsewhere than on the loop, or null. */
    private final @Nullable SerialListener serial;
    /** Those who want to know of the end; null nearly always. */
    private @Nullable List<Watcher> watchers;
    /** Bytes that other threads have sent and the loop has not got to yet. */
    private volatile long handedOver;

    private volatile boolean roomAsked;

    /** Wants to know when a session ends, before the application does. Called on the loop. */
    public interface Watcher {
        /**
         * The link is closed.
         *
         * @param session the session
         */
        void ended(Session session);
    }

    private Session(Link link, Role role, ConnectionOptions options, Upgrade upgrade, WebSocketListener listener) {
        this.link = link;
        this.options = options;
        this.serial = listener instanceof SerialListener elsewhere ? elsewhere : null;
        this.connection =
                new Connection(role, options, upgrade, link, link.loop().workspace(), listener);
    }

    /**
     * Goes over from the handshake to WebSocket: the listener's {@code onOpen} is called.
     *
     * @param link carries the bytes; its loop is the caller's
     * @param role this end's role
     * @param options limits and deadlines
     * @param upgrade what the handshake has settled
     * @param listener is told what happens
     * @param executor where the listener is called, one call at a time; null for on the loop
     * @return the session
     */
    public static Session open(
            Link link,
            Role role,
            ConnectionOptions options,
            Upgrade upgrade,
            WebSocketListener listener,
            @Nullable Executor executor) {
        Session session = create(link, role, options, upgrade, listener, executor);
        session.start(role);
        return session;
    }

    /**
     * Makes a session that does nothing until it is {@linkplain #start started}. Opens the extensions, which may fail: a
     * server finds that out before it answers with 101.
     *
     * @param link carries the bytes; its loop is the caller's
     * @param role this end's role
     * @param options limits and deadlines
     * @param upgrade what the handshake has settled
     * @param listener is told what happens
     * @param executor where the listener is called, one call at a time; null for on the loop
     * @return the session
     */
    public static Session create(
            Link link,
            Role role,
            ConnectionOptions options,
            Upgrade upgrade,
            WebSocketListener listener,
            @Nullable Executor executor) {
        WebSocketListener called = executor == null ? listener : SerialListener.of(listener, executor);
        return new Session(link, role, options, upgrade, called);
    }

    /**
     * Takes the link over: the listener's {@code onOpen} is called.
     *
     * @param role this end's role
     */
    public void start(Role role) {
        link.switchTo(this);
        link.loop().counters().opened();
        Recorder.here().opened(this, role, link);
        connection.open(this);
        connection.tick(System.nanoTime());
    }

    // What the link tells

    @Override
    public void received(ByteBuffer input) {
        connection.receive(input);
        if (!connection.wantsInput()) {
            link.pauseInput();
        }
    }

    @Override
    public void inputEnded() {
        connection.endOfInput();
    }

    @Override
    public void progressed() {
        connection.flushed();
    }

    @Override
    public void writable() {
        connection.writable();
    }

    @Override
    public void tick(long nowNanos) {
        connection.tick(nowNanos);
    }

    @Override
    public long nextDeadline() {
        return connection.nextDeadline();
    }

    @Override
    public void drain() {
        connection.close(CloseCode.GOING_AWAY, "");
    }

    @Override
    public void closed(@Nullable IOException cause) {
        tellWatchers();
        if (serial != null) {
            long wanted = serial.takeDemand();
            if (wanted > 0) {
                connection.request(wanted);
            }
        }
        try {
            connection.ended(cause);
        } finally {
            connection.closeEvent().ifPresent(this::record);
        }
    }

    private void record(CloseEvent event) {
        link.loop().counters().closed(event);
        Recorder.here().closed(this, event);
        Throwable thrown = event.cause();
        if (thrown != null && !(thrown instanceof IOException || thrown instanceof ProtocolException)) {
            FAILURES.log("a listener or an extension has thrown, and its connection was ended", thrown);
        }
    }

    private void tellWatchers() {
        List<Watcher> told = watchers;
        watchers = null;
        if (told != null) {
            told.forEach(watcher -> watcher.ended(this));
        }
    }

    /**
     * The loop that this session lives on. Safe from any thread.
     *
     * @return the loop
     */
    public EventLoop loop() {
        return link.loop();
    }

    /**
     * Has somebody told when this session ends. On the loop, before the end.
     *
     * @param watcher is told once
     */
    public void watch(Watcher watcher) {
        if (watchers == null) {
            watchers = new ArrayList<>(1);
        }
        watchers.add(watcher);
    }

    /**
     * Has somebody told no more. On the loop.
     *
     * @param watcher was to be told
     */
    public void unwatch(Watcher watcher) {
        if (watchers != null) {
            watchers.remove(watcher);
            watchers = watchers.isEmpty() ? null : watchers;
        }
    }

    // What the application asks

    @Override
    public SendResult sendText(String text) {
        return sendText(text, SendMode.EXTENDED);
    }

    @Override
    public SendResult sendText(String text, SendMode mode) {
        if (inLoop()) {
            return link.isClosed() ? SendResult.REFUSED : connection.sendText(text, mode);
        }
        if (!UTF_8.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException("the text holds a lone surrogate");
        }
        return handOver(3L * text.length(), () -> connection.sendText(text, mode));
    }

    @Override
    public SendResult sendBinary(ByteBuffer data) {
        return sendBinary(data, SendMode.EXTENDED);
    }

    @Override
    public SendResult sendBinary(ByteBuffer data, SendMode mode) {
        if (inLoop()) {
            return link.isClosed() ? SendResult.REFUSED : connection.sendBinary(data, mode);
        }
        return handOver(data, copy -> connection.sendBinary(copy, mode));
    }

    @Override
    public SendResult sendPiece(MessageType type, ByteBuffer piece, boolean last) {
        return sendPiece(type, piece, last, SendMode.EXTENDED);
    }

    @Override
    public SendResult sendPiece(MessageType type, ByteBuffer piece, boolean last, SendMode mode) {
        if (inLoop()) {
            return link.isClosed() ? SendResult.REFUSED : connection.sendPiece(type, piece, last, mode);
        }
        return handOver(piece, copy -> connection.sendPiece(type, copy, last, mode));
    }

    @Override
    public SendResult send(PreparedMessage message) {
        if (inLoop()) {
            return link.isClosed() ? SendResult.REFUSED : connection.send(message);
        }
        return handOver(message.payload().remaining(), () -> connection.send(message));
    }

    @Override
    public CompletionStage<@Nullable Void> whenSent() {
        if (inLoop()) {
            link.later(() -> {
                if (!link.output().hasFailed()) {
                    connection.flushed();
                }
            });
            return connection.whenSent();
        }
        CompletableFuture<@Nullable Void> sent = new CompletableFuture<>();
        try {
            link.loop()
                    .execute(() -> whenSent().whenComplete((nothing, failure) -> {
                        if (failure == null) {
                            sent.complete(null);
                        } else {
                            sent.completeExceptionally(failure);
                        }
                    }));
        } catch (RejectedExecutionException stopped) {
            sent.completeExceptionally(new IOException("the connection has ended", stopped));
        }
        return sent.minimalCompletionStage();
    }

    @Override
    public Optional<Duration> roundTrip() {
        return connection.roundTrip();
    }

    @Override
    public SendResult sendPing(ByteBuffer payload) {
        if (inLoop()) {
            return link.isClosed() ? SendResult.REFUSED : connection.sendPing(payload);
        }
        requireControlPayload(payload);
        return handOver(payload, connection::sendPing);
    }

    @Override
    public SendResult sendPong(ByteBuffer payload) {
        if (inLoop()) {
            return link.isClosed() ? SendResult.REFUSED : connection.sendPong(payload);
        }
        requireControlPayload(payload);
        return handOver(payload, connection::sendPong);
    }

    private static void requireControlPayload(ByteBuffer payload) {
        if (payload.remaining() > FrameRules.MAX_CONTROL_PAYLOAD) {
            throw new IllegalArgumentException("a control frame holds at most 125 bytes, not " + payload.remaining());
        }
    }

    /** The bytes are used up only if they are taken. */
    private SendResult handOver(ByteBuffer data, Consumer<ByteBuffer> send) {
        int size = data.remaining();
        if (refuses(size)) {
            return SendResult.REFUSED;
        }
        ByteBuffer copy = ByteBuffer.allocate(size).put(data.duplicate()).flip();
        SendResult result = take(size, () -> send.accept(copy));
        if (result != SendResult.REFUSED) {
            data.position(data.limit());
        }
        return result;
    }

    private SendResult handOver(long size, Runnable send) {
        return refuses(size) ? SendResult.REFUSED : take(size, send);
    }

    /** Hands a send over to the loop, counted as waiting until the loop gets to it. */
    private SendResult take(long size, Runnable send) {
        long waiting = HANDED_OVER.addAndGet(this, size) + link.backlog();
        try {
            link.loop().execute(() -> {
                HANDED_OVER.addAndGet(this, -size);
                run(() -> connection.sendAccepted(send));
            });
        } catch (RejectedExecutionException stopped) {
            HANDED_OVER.addAndGet(this, -size);
            return SendResult.REFUSED;
        }
        if (waiting <= options.highWaterMark()) {
            return SendResult.QUEUED;
        }
        askForRoom();
        return SendResult.CONGESTED;
    }

    private boolean refuses(long size) {
        if (connection.readyState() != ReadyState.OPEN) {
            return true;
        }
        long waiting = handedOver + link.backlog();
        boolean full = waiting > 0 && waiting + size > options.outboundLimit();
        if (full) {
            askForRoom();
        }
        return full;
    }

    /** However often sends are refused, the loop is asked once. */
    private void askForRoom() {
        if (!roomAsked) { // two threads may see that at once: then there are two tasks, and no more
            roomAsked = true;
            hand(() -> {
                roomAsked = false;
                connection.requireWritable();
            });
        }
    }

    /** Runs what an application asked for; misuse that shows only here ends the connection. */
    private void run(Runnable call) {
        try {
            call.run();
        } catch (IllegalStateException | IllegalArgumentException misuse) {
            link.close(new IOException("misuse of the connection: " + misuse.getMessage(), misuse));
        }
    }

    private void hand(Runnable call) {
        if (inLoop()) {
            call.run();
            return;
        }
        try {
            link.loop().execute(() -> run(call));
        } catch (RejectedExecutionException stopped) {
            // the loop has ended, and with it this connection
        }
    }

    private boolean inLoop() {
        return link.loop().inLoop();
    }

    @Override
    public void close(CloseCode code, String reason) {
        ClosePayload checked = new ClosePayload(code, reason);
        hand(() -> connection.close(checked.code(), checked.reason()));
    }

    @Override
    public void abort() {
        if (serial != null) {
            serial.discard();
        }
        hand(connection::abort);
    }

    @Override
    public void request(long messages) {
        if (serial != null) {
            serial.request(messages);
            return;
        }
        if (messages <= 0) {
            throw new IllegalArgumentException("a demand is positive: " + messages);
        }
        ask(messages);
    }

    /**
     * Asks the connection for messages. If the loop has ended, so has the connection, and what it holds still is told
     * here, one session of the loop after the other: they share its workspace.
     */
    private void ask(long messages) {
        if (inLoop()) {
            connection.request(messages);
            return;
        }
        try {
            link.loop().execute(() -> connection.request(messages));
        } catch (RejectedExecutionException stopped) {
            synchronized (link.loop()) {
                connection.request(messages);
            }
        }
    }

    /** Asks the connection itself for a message. From any thread. */
    void requestOne() {
        ask(1);
    }

    /** The listener has thrown, or cannot be called. From any thread. */
    void listenerFailed(Throwable thrown) {
        hand(() -> connection.listenerFailed(thrown));
    }

    @Override
    public ReadyState readyState() {
        return connection.readyState();
    }

    @Override
    public long bufferedAmount() {
        return handedOver + link.backlog();
    }

    @Override
    public String url() {
        return connection.url();
    }

    @Override
    public String subprotocol() {
        return connection.subprotocol();
    }

    @Override
    public List<ExtensionOffer> extensions() {
        return connection.extensions();
    }

    @Override
    public ConnectionExecutor executor() {
        return connection.executor();
    }

    @Override
    public CompletionStage<CloseEvent> whenClosed() {
        return connection.whenClosed();
    }

    @Override
    public <T> @Nullable T attribute(AttributeKey<T> key) {
        return connection.attribute(key);
    }

    @Override
    public <T> @Nullable T attribute(AttributeKey<T> key, @Nullable T value) {
        return connection.attribute(key, value);
    }
}
