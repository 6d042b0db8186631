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
 * Drives an {@link HttpConnection} over one connection, until a WebSocket replaces it. Belongs to the connection's
 * event loop.
 */
final class HttpDriver implements Protocol {
    private static final System.Logger LOG = System.getLogger("dev.tenon.ws.server");
    /** How many bytes may be left for a decision before reading pauses. */
    private static final int MOST_LEFT = 16 * 1024;

    private final Transport transport;
    private final HttpConnection http;
    private final Dispatcher dispatcher;
    private @Nullable WebSocketProtocol session;
    private boolean pumping;
    private boolean paused;
    /** Whether the transport keeps bytes that this driver has left. */
    private boolean left;

    private boolean draining;

    HttpDriver(ServerConfig config, Binding binding, Transport transport, ConnectionLimiter.Permit permit) {
        this.transport = transport;
        this.http = new HttpConnection(config.http(), HttpDate::now, transport.nanoTime());
        this.dispatcher = new Dispatcher(config, binding, transport, permit, http, this);
    }

    @Override
    public void received(ByteBuffer input) {
        left = false; // the input begins with what was left
        do {
            http.receive(input, transport.nanoTime());
            pump(input.hasRemaining());
        } while (input.hasRemaining() && http.isReadyForInput() && session == null && !transport.isClosed());
        WebSocketProtocol next = session;
        if (next != null) {
            if (input.hasRemaining()) { // frames that follow the head of the upgrade
                next.received(input);
            }
        } else {
            leave(input);
        }
    }

    /**
     * Leaves bytes to the transport. Behind an upgrade it goes on reading, to notice when the client leaves, which cancels
     * the upgrade. Behind a request it pauses, because the bytes are requests that get a response before the end.
     */
    private void leave(ByteBuffer input) {
        left = input.hasRemaining();
        if (left && (!http.mayUpgrade() || input.remaining() >= MOST_LEFT)) {
            paused = true;
            transport.pauseInput();
        }
    }

    /** Handles the events of the connection until there are none. */
    void pump() {
        pump(false);
    }

    private void pump(boolean moreInput) {
        if (pumping) { // called for the response that an endpoint or handler has returned at once
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

    /**
     * Tells the connection that its responses have left. Those to pipelined requests are flushed together with the last
     * one, behind which the connection is ready for input, because it drops it.
     */
    private void reportSent(boolean moreInput) {
        if (!moreInput || http.isReadyForInput()) {
            transport.flush();
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
        if ((paused || left) && (session != null || http.isReadyForInput()) && !transport.isClosed()) {
            paused = false;
            left = false;
            transport.pauseInput(); // so that resuming delivers what was left
            transport.resume();
        }
    }

    /**
     * Hands the link over to a WebSocket, whose 101 was written.
     *
     * @param held frames that arrived before the decision
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
                transport.failed(new IOException("too many frames have arrived before the response to the upgrade"));
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
