package dev.tenon.ws.server;

import dev.tenon.ws.connection.Wire;
import dev.tenon.ws.frame.Role;
import dev.tenon.ws.handshake.HttpConnection;
import dev.tenon.ws.handshake.HttpEvent;
import dev.tenon.ws.transport.Protocol;
import dev.tenon.ws.transport.Transport;
import dev.tenon.ws.transport.WebSocketProtocol;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Drives an {@link HttpConnection} over one connection, until a WebSocket takes over. Belongs to its event loop.
 */
final class HttpDriver implements Protocol {
    private static final System.Logger LOG = System.getLogger("dev.tenon.ws.server");
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Transport transport;
    private final HttpConnection http;
    private final Dispatcher dispatcher;
    private @Nullable WebSocketProtocol session;
    private boolean pumping;
    private boolean paused;
    private boolean draining;

    HttpDriver(ServerConfig config, Binding binding, Transport transport, ConnectionLimiter.Permit permit) {
        this.transport = transport;
        this.http = new HttpConnection(config.http(), HttpDate::now, transport.nanoTime());
        this.dispatcher = new Dispatcher(config, binding, transport, permit, http, this);
    }

    @Override
    public void received(ByteBuffer input) {
        do {
            http.receive(input, transport.nanoTime());
            pump(input.hasRemaining());
        } while (input.hasRemaining() && http.wantsInput() && session == null && !transport.isClosed());
        WebSocketProtocol next = session;
        if (next != null) {
            if (input.hasRemaining()) { // frames behind the head of the upgrade
                next.received(input);
            }
        } else if (input.hasRemaining()) {
            paused = true;
            transport.pauseInput();
        }
    }

    /** Does what the connection says, until it has nothing more to say. */
    void pump() {
        pump(false);
    }

    private void pump(boolean moreInput) {
        if (pumping) { // by a response that an endpoint or handler had at once
            return;
        }
        pumping = true;
        try {
            boolean wrote;
            do {
                wrote = takeEvents();
                if (wrote && session == null) {
                    reportSent(moreInput);
                }
            } while (wrote && session == null);
        } finally {
            pumping = false;
        }
        resumeInput();
        transport.updateDeadline();
    }

    private boolean takeEvents() {
        boolean wrote = false;
        for (HttpEvent event; (event = http.nextEvent()) != null; ) {
            if (event instanceof HttpEvent.Send send) {
                write(send.bytes());
                wrote = true;
            } else if (event instanceof HttpEvent.EndOutput) {
                transport.shutdownOutput();
            } else if (event instanceof HttpEvent.Close close) {
                close(close.abort());
            } else {
                dispatcher.take(event);
            }
        }
        return wrote;
    }

    private void write(ByteBuffer bytes) {
        if (bytes.remaining() <= Wire.MAX_RESERVE) {
            transport.reserve(bytes.remaining()).put(bytes);
        } else {
            transport.write(bytes);
        }
    }

    /** Responses to pipelined requests leave together; the last of them is sent at once, to know whether it has left. */
    private void reportSent(boolean moreInput) {
        if (!moreInput) {
            transport.write(NOTHING.duplicate());
        }
        if (transport.backlog() == 0 && !transport.isClosed()) {
            http.sent(transport.nanoTime());
        }
    }

    private void close(boolean abort) {
        if (abort) {
            transport.abort();
        } else {
            transport.finish();
        }
    }

    private void resumeInput() {
        if (paused && (session != null || http.wantsInput()) && !transport.isClosed()) {
            paused = false;
            transport.resume();
        }
    }

    /**
     * Hands the link over to a session; its 101 is on its way.
     *
     * @param held frames that came before the decision
     */
    void switchTo(WebSocketProtocol next, ByteBuffer held) {
        takeEvents();
        session = next;
        next.start(Role.SERVER);
        if (draining) {
            next.drain();
        }
        if (held.hasRemaining()) {
            next.received(held);
            if (held.hasRemaining()) {
                transport.failed(new IOException("more frames came before the upgrade was answered than can be held"));
            }
        }
    }

    @Override
    public void inputEnded() {
        http.inputEnded(transport.nanoTime());
        pump();
    }

    @Override
    public void progressed() {
        http.progressed(transport.nanoTime());
    }

    @Override
    public void writable() {
        http.sent(transport.nanoTime());
        pump();
    }

    @Override
    public long nextDeadline() {
        return http.nextDeadline();
    }

    @Override
    public void tick(long nowNanos) {
        http.tick(nowNanos);
        pump();
    }

    @Override
    public void drain() {
        draining = true;
        http.drain();
        pump();
    }

    @Override
    public void closed(@Nullable IOException cause) {
        http.closed();
        pump();
        dispatcher.close();
        if (cause != null) {
            LOG.log(Level.DEBUG, "a connection has failed before it became a WebSocket", cause);
        }
    }
}
