package dev.tenon.ws.transport;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.Connection;
import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.extension.Upgrade;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.ProtocolException;
import dev.tenon.ws.frame.Role;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The WebSocket protocol of both roles on a transport: passes the events of the {@link Transport} to a {@link
 * Connection}. The application holds the connection's {@link #webSocket()}.
 */
public final class WebSocketProtocol implements Protocol {
    private static final RateLimitedLog FAILURES = new RateLimitedLog(LoopLog.LOG, Level.WARNING);
    private static final RateLimitedLog VIOLATIONS = new RateLimitedLog(LoopLog.LOG, Level.DEBUG);

    private final Transport transport;
    private final Connection connection;
    private final @Nullable WebSocketObserver observer;

    private WebSocketProtocol(Transport transport, Connection connection, @Nullable WebSocketObserver observer) {
        this.transport = transport;
        this.connection = connection;
        this.observer = observer;
    }

    /**
     * Switches the transport to WebSocket after the handshake and calls the listener's {@code onOpen}.
     *
     * @param transport the transport; the caller runs on its loop
     * @param role this end's role
     * @param options limits and deadlines
     * @param upgrade the agreed terms of the handshake
     * @param listener receives the events
     * @param executor calls the listener, one call at a time; null to call it on the loop
     * @return the protocol, which is now the transport's
     */
    public static WebSocketProtocol open(
            Transport transport,
            Role role,
            ConnectionOptions options,
            Upgrade upgrade,
            WebSocketListener listener,
            @Nullable Executor executor) {
        WebSocketProtocol protocol = create(transport, role, options, upgrade, listener, executor, null);
        protocol.start(role);
        return protocol;
    }

    /**
     * Creates a protocol that does nothing until it is {@linkplain #start started}. Opens the extensions, which may
     * fail, so that a server knows it before it responds with 101.
     *
     * @param transport the transport; the caller runs on its loop
     * @param role this end's role
     * @param options limits and deadlines
     * @param upgrade the agreed terms of the handshake
     * @param listener receives the events
     * @param executor calls the listener, one call at a time; null to call it on the loop
     * @param observer receives the end, or null
     * @return the protocol
     */
    public static WebSocketProtocol create(
            Transport transport,
            Role role,
            ConnectionOptions options,
            Upgrade upgrade,
            WebSocketListener listener,
            @Nullable Executor executor,
            @Nullable WebSocketObserver observer) {
        Connection connection =
                new Connection(role, options, upgrade, transport, transport.threadContext(), listener, executor);
        return new WebSocketProtocol(transport, connection, observer);
    }

    /**
     * Switches the transport to this protocol and calls the listener's {@code onOpen}.
     *
     * @param role this end's role
     */
    public void start(Role role) {
        transport.switchTo(this);
        transport.counters().opened();
        Recorder.here().opened(webSocket(), role, transport);
        connection.open();
        connection.tick(transport.nanoTime()); // deadlines run from here on
    }

    /**
     * The connection as its application holds it.
     *
     * @return the same object at each call, safe from any thread
     */
    public WebSocket webSocket() {
        return connection.webSocket();
    }

    /**
     * The observer of the connection's end.
     *
     * @return the observer, or null
     */
    public @Nullable WebSocketObserver observer() {
        return observer;
    }

    @Override
    public void received(ByteBuffer input) {
        connection.receive(input);
        if (!connection.isReadyForInput()) {
            transport.pauseInput();
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
        webSocket().close(CloseCode.GOING_AWAY, "");
    }

    @Override
    public void closed(@Nullable IOException cause) {
        try {
            connection.ended(cause);
        } finally {
            connection.closeEvent().ifPresent(this::record);
        }
    }

    private void record(CloseEvent event) {
        transport.counters().closed(event);
        Recorder.here().closed(webSocket(), event);
        if (observer != null) {
            observer.closed(webSocket(), event);
        }
        Throwable thrown = event.cause();
        if (thrown instanceof ProtocolException broken) { // RFC 6455 §7.1.7
            VIOLATIONS.log(
                    "the peer at " + webSocket().remoteAddress() + " has broken a rule, and its connection was ended: ["
                            + broken.violation().id() + "] " + broken.getMessage(),
                    null);
        } else if (thrown != null && !(thrown instanceof IOException)) {
            FAILURES.log("a listener or an extension has thrown, and its connection was ended", thrown);
        }
    }
}
