package dev.tenon.ws.netty;

import dev.tenon.ws.connection.Connection;
import dev.tenon.ws.connection.ConnectionOptions;
import dev.tenon.ws.connection.Deadlines;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.extension.Upgrade;
import dev.tenon.ws.frame.Role;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Connection} on a channel, as the channel drives it; what the connection writes goes to its {@link ChannelWire}. An
 * event ends with {@link #settle}: what was written leaves in one flush, the channel reads on or stops, and the next deadline
 * is set. For the event loop's own thread.
 */
final class ChannelConnection extends Deadlines.Entry {
    /** What one read brings is answered in one write, but not more than this. */
    private static final int MOST_UNFLUSHED = 64 * 1024;

    private final LoopContext loop;
    private final Carrier carrier;
    private final ChannelInput input;
    private final ChannelOutput output;
    private final ChannelWire wire;
    private final Connection connection;

    /** Whether the connection is being called, so that it must not be called now. */
    private boolean calling;
    /** Whether bytes have come, so that {@link #settle} follows. */
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
        this.output = new ChannelOutput(carrier, this::progressed);
        this.wire = new ChannelWire(this, carrier, output, loop);
        this.connection = new Connection(role, options, upgrade, wire, loop.threadContext(), listener, executor);
    }

    WebSocket webSocket() {
        return connection.webSocket();
    }

    // What happens on the channel

    /** Begins: the listener's {@code onOpen} is called. */
    void open() {
        call(() -> {
            connection.open();
            connection.tick(loop.nanoTime());
            takeHeldInput();
        });
        settle();
        carrier.flush(); // the response to the handshake, if nothing has followed it
    }

    /** Takes bytes; {@link #settle} follows when all that one read has brought has been taken. */
    void received(ByteBuf bytes) {
        if (closed) {
            bytes.release();
            return;
        }
        receiving = true;
        calling = true;
        try {
            carrier.consumed(input.receive(bytes, connection));
        } catch (Throwable thrown) {
            failed(thrown);
        } finally {
            calling = false;
        }
        if (output.unflushed() >= MOST_UNFLUSHED) {
            flush();
        }
    }

    /** The peer has ended its direction. */
    void inputEnded() {
        call(this::takeHeldInput);
        settle();
    }

    private void takeHeldInput() {
        if (!input.isEmpty()) {
            carrier.consumed(input.resume(connection));
        }
        if (input.isAtEnd() && !inputEnded) {
            inputEnded = true;
            connection.endOfInput();
        }
    }

    /** The channel is closed: the last event. */
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

    /** What an extension or an option has thrown ends this connection and no other. */
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
        if (output.isDirty()) { // what has waited for room: its flush ends the next event
            settleLater();
        } else {
            wire.endIfDue();
        }
        carrier.setReading(connection.wantsInput());
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

    /** Settles what was written outside of an event of this connection. */
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

    /** The channel has written something of the backlog. */
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

    /** Gives the connection what was left over, which comes first, when the call at hand is over. */
    void resume() {
        resumes = true;
        settleAfterEvent();
    }
}
