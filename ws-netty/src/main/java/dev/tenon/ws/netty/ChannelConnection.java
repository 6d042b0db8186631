package dev.tenon.ws.netty;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.Connection;
import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.connection.Deadlines;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.extension.Upgrade;
import dev.tenon.ws.frame.ProtocolException;
import dev.tenon.ws.frame.Role;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Runs a {@link Connection} on a channel. The channel's events drive the connection; the connection writes to its
 * {@link ChannelWire}. Each event ends with {@link #settle}: the written bytes leave in one flush, the channel reads on
 * or stops, and the next deadline is set. For the event loop's own thread.
 */
final class ChannelConnection extends Deadlines.Entry {
    /**
     * The output is flushed during a read when this number of bytes is written; otherwise one flush follows the read.
     */
    private static final int MOST_UNFLUSHED = 64 * 1024;

    private static final FailureLog FAILURES =
            new FailureLog(Level.WARNING, "a listener or an extension has thrown, and its connection was ended");

    private final LoopContext loop;
    private final Carrier carrier;
    private final ChannelInput input;
    private final ChannelOutput output;
    private final ChannelWire wire;
    private final Connection connection;

    /** Whether a call of the connection is in progress, so that no other call may start. */
    private boolean calling;
    /** Whether bytes have arrived and {@link #settle} will follow. */
    private boolean receiving;

    private boolean settlesLater;
    private boolean resumes;
    private boolean hadBacklog;
    private boolean inputEnded;
    private volatile boolean closed;

    ChannelConnection(
            Role role,
            ConnectionOptions options,
            Upgrade upgrade,
            Carrier carrier,
            ChannelInput input,
            WebSocketListener listener,
            @Nullable Executor executor) {
        this.loop = LoopContext.of(carrier.channel().eventLoop());
        this.carrier = carrier;
        this.input = input;
        this.output = new ChannelOutput(carrier, this::progressed, loop.outputScratch());
        this.wire = new ChannelWire(this, carrier, output, loop);
        this.connection = new Connection(role, options, upgrade, wire, loop.threadContext(), listener, executor);
    }

    WebSocket webSocket() {
        return connection.webSocket();
    }

    // Events of the channel

    /** Opens the connection, which calls the listener's {@code onOpen}. */
    void open() {
        call(() -> {
            connection.open();
            connection.tick(loop.nanoTime());
            takeHeldInput();
        });
        settle();
        carrier.flush(); // sends the handshake response, if no frame has followed it
    }

    /** Receives bytes. {@link #settle} follows after all bytes of one read. */
    void received(ByteBuf bytes) {
        if (closed) {
            bytes.release();
            return;
        }
        receiving = true;
        calling = true;
        output.gather();
        try {
            carrier.consumed(input.receive(bytes, connection, loop.inputScratch()));
        } catch (Throwable thrown) {
            failed(thrown);
        } finally {
            calling = false;
        }
        if (output.unflushed() >= MOST_UNFLUSHED) {
            flush();
        }
    }

    /** Handles the end of the peer's direction. */
    void inputEnded() {
        call(this::takeHeldInput);
        settle();
    }

    private void takeHeldInput() {
        if (!input.isEmpty()) {
            carrier.consumed(input.resume(connection, loop.inputScratch()));
        }
        if (input.isAtEnd() && !inputEnded) {
            inputEnded = true;
            connection.endOfInput();
        }
    }

    /** Handles the end of the channel. This is the last event. */
    void closed(@Nullable IOException cause) {
        if (closed) {
            return;
        }
        if (calling) {
            loop.execute(() -> closed(cause));
            return;
        }
        closed = true;
        loop.remove(this);
        input.release();
        try {
            connection.ended(cause);
        } finally {
            output.release();
            connection.closeEvent().map(CloseEvent::cause).ifPresent(ChannelConnection::log);
        }
    }

    private static void log(Throwable cause) {
        if (!(cause instanceof IOException || cause instanceof ProtocolException)) {
            FAILURES.log(cause);
        }
    }

    private void call(Runnable event) {
        if (closed) {
            return;
        }
        calling = true;
        try {
            event.run();
        } catch (Throwable thrown) {
            failed(thrown);
        } finally {
            calling = false;
        }
    }

    /** Closes this connection, and no other, after an exception of an extension or an option. */
    private void failed(Throwable thrown) {
        carrier.failed(
                thrown instanceof IOException io
                        ? io
                        : new IOException("the connection has failed on this end", thrown));
        carrier.abort();
    }

    // The end of an event

    /** Ends an event. */
    void settle() {
        receiving = false;
        if (closed) {
            return;
        }
        flush();
        if (output.isDirty()) { // the callbacks of flush() have written more bytes
            settleLater();
        } else {
            wire.endIfDue();
        }
        carrier.setReading(connection.isReadyForInput());
        loop.update(this);
    }

    private void flush() {
        output.flush();
        call(connection::flushed);
        if (output.backlog() > 0) {
            hadBacklog = true;
        } else if (hadBacklog) {
            hadBacklog = false;
            call(connection::writable);
        }
    }

    /** Schedules {@link #settle} for bytes that were written outside of an event of this connection. */
    void settleLater() {
        if (!receiving && !calling) {
            settleAfterEvent();
        }
    }

    private void settleAfterEvent() {
        if (!settlesLater && !closed) {
            settlesLater = true;
            loop.settleLater(this);
        }
    }

    void settleNow() {
        settlesLater = false;
        if (resumes) {
            resumes = false;
            call(this::takeHeldInput);
        }
        settle();
    }

    /** Handles progress: the channel has written a part of the backlog. */
    private void progressed() {
        if (calling) {
            settleAfterEvent();
        } else {
            settleNow();
        }
    }

    // Deadlines

    @Override
    public long nextDeadline() {
        return closed ? Long.MAX_VALUE : connection.nextDeadline();
    }

    @Override
    public void due(long nowNanos) {
        call(() -> connection.tick(nowNanos));
        settleLater();
    }

    boolean isClosed() {
        return closed;
    }

    /**
     * Schedules the delivery of held bytes to the connection, after the current call. Held bytes come before new bytes.
     */
    void resume() {
        resumes = true;
        settleAfterEvent();
    }
}
