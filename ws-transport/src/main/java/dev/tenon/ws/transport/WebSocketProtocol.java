package dev.tenon.ws.transport;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.Connection;
import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.connection.Upgrade;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.ProtocolException;
import dev.tenon.ws.frame.Role;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The WebSocket protocol of both roles on a transport: hands what the {@link Transport} tells to a {@link Connection}. The
 * application holds the connection's {@link #webSocket()}.
 */
public final class WebSocketProtocol implements Protocol {
    private static final RateLimitedLog FAILURES =
            new RateLimitedLog(System.getLogger("dev.tenon.ws.transport"), System.Logger.Level.WARNING);

    private final Transport transport;
    private final Connection connection;
    private final @Nullable WebSocketObserver observer;

    private WebSocketProtocol(Transport transport, Connection connection, @Nullable WebSocketObserver observer) {
        this.transport = transport;
        this.connection = connection;
        this.observer = observer;
    }

    /**
     * Goes over from the handshake to WebSocket: the listener's {@code onOpen} is called.
     *
     * @param transport carries the bytes; its loop is the caller's
     * @param role this end's role
     * @param options limits and deadlines
     * @param upgrade what the handshake has settled
     * @param listener is told what happens
     * @param executor where the listener is called, one call at a time; null for on the loop
     * @return the protocol, which the link speaks from now on
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
     * Makes a protocol that does nothing until it is {@linkplain #start started}. Opens the extensions, which may fail: a
     * server finds that out before it answers with 101.
     *
     * @param transport carries the bytes; its loop is the caller's
     * @param role this end's role
     * @param options limits and deadlines
     * @param upgrade what the handshake has settled
     * @param listener is told what happens
     * @param executor where the listener is called, one call at a time; null for on the loop
     * @param observer is told the end, or null
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
                new Connection(role, options, upgrade, transport, transport.workspace(), listener, executor);
        return new WebSocketProtocol(transport, connection, observer);
    }

    /**
     * Takes the link over: the listener's {@code onOpen} is called.
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
     * Who is told the end of the connection.
     *
     * @return as it was given, or null
     */
    public @Nullable WebSocketObserver observer() {
        return observer;
    }

    @Override
    public void received(ByteBuffer input) {
        connection.receive(input);
        if (!connection.wantsInput()) {
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
        if (thrown != null && !(thrown instanceof IOException || thrown instanceof ProtocolException)) {
            FAILURES.log("a listener or an extension has thrown, and its connection was ended", thrown);
        }
    }
}
