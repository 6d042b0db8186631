package dev.tenon.ws.server;

import dev.tenon.ws.connection.Wire;
import dev.tenon.ws.frame.Role;
import dev.tenon.ws.handshake.HttpConnection;
import dev.tenon.ws.handshake.HttpEvent;
import dev.tenon.ws.transport.Link;
import dev.tenon.ws.transport.Protocol;
import dev.tenon.ws.transport.WebSocketProtocol;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Drives an {@link HttpConnection} over one link, until a {@link Session} takes over. Belongs to the link's event loop.
 */
final class HttpDriver implements Protocol {
    private static final System.Logger LOG = System.getLogger("dev.tenon.ws.server");
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Link link;
    private final HttpConnection http;
    private final Dispatcher dispatcher;
    private @Nullable WebSocketProtocol session;
    private boolean pumping;
    private boolean paused;
    private boolean draining;

    HttpDriver(ServerConfig config, Binding binding, Link link, ConnectionLimiter.Permit permit) {
        this.link = link;
        this.http = new HttpConnection(config.http(), HttpDate::now, link.nanoTime());
        this.dispatcher = new Dispatcher(config, binding, link, permit, http, this);
    }

    @Override
    public void received(ByteBuffer input) {
        do {
            http.receive(input, link.nanoTime());
            pump(input.hasRemaining());
        } while (input.hasRemaining() && http.wantsInput() && session == null && !link.isClosed());
        WebSocketProtocol next = session;
        if (next != null) {
            if (input.hasRemaining()) { // frames behind the head of the upgrade
                next.received(input);
            }
        } else if (input.hasRemaining()) {
            paused = true;
            link.pauseInput();
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
    }

    private boolean takeEvents() {
        boolean wrote = false;
        for (HttpEvent event; (event = http.nextEvent()) != null; ) {
            if (event instanceof HttpEvent.Send send) {
                write(send.bytes());
                wrote = true;
            } else if (event instanceof HttpEvent.EndOutput) {
                link.shutdownOutput();
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
            link.reserve(bytes.remaining()).put(bytes);
        } else {
            link.write(bytes);
        }
    }

    /** Responses to pipelined requests leave together; the last of them is sent at once, to know whether it has left. */
    private void reportSent(boolean moreInput) {
        if (!moreInput) {
            link.write(NOTHING.duplicate());
        }
        if (link.backlog() == 0 && !link.isClosed()) {
            http.sent(link.nanoTime());
        }
    }

    private void close(boolean abort) {
        if (abort) {
            link.abort();
        } else {
            link.finish();
        }
    }

    private void resumeInput() {
        if (paused && (session != null || http.wantsInput()) && !link.isClosed()) {
            paused = false;
            link.resume();
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
                link.failed(new IOException("more frames came before the upgrade was answered than can be held"));
            }
        }
    }

    @Override
    public void inputEnded() {
        http.inputEnded(link.nanoTime());
        pump();
    }

    @Override
    public void progressed() {
        http.progressed(link.nanoTime());
    }

    @Override
    public void writable() {
        http.sent(link.nanoTime());
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
        if (cause != null) {
            LOG.log(Level.DEBUG, "a connection has failed before it became a WebSocket", cause);
        }
    }
}
