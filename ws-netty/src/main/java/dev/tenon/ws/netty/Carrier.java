package dev.tenon.ws.netty;

import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.Role;
import dev.tenon.ws.handshake.HttpRequest;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.handshake.HttpVersion;
import dev.tenon.ws.server.HostedResponse;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Carries the bytes of one WebSocket over one version of HTTP: the last handler of a channel that reads anything. It holds
 * what comes before the handshake is decided, and hands all else to a {@link ChannelConnection}.
 */
@SuppressWarnings("FutureReturnValueIgnored") // however a write or an end turns out, channelInactive follows
abstract class Carrier extends ChannelInboundHandlerAdapter {
    private static final long LINGER_SECONDS = 5;
    /** What is held before the handshake is decided: beyond it, the end of the peer is not noticed. */
    private static final int MOST_EARLY = 16 * 1024;

    private final ChannelInput input = new ChannelInput();
    private @Nullable ChannelHandlerContext context;
    private @Nullable ChannelConnection connection;
    private @Nullable Runnable whenGone;
    private @Nullable IOException cause;
    private @Nullable Future<?> linger;
    private boolean decided;
    private boolean gone;
    private boolean draining;
    private boolean bridged;
    private boolean reading = true;
    private @Nullable HttpRequest request;
    private @Nullable Tap tap;

    /** The version of HTTP whose rules hold. */
    abstract HttpVersion version();

    /** Writes the response that accepts the handshake. */
    abstract void accept(HttpResponse response);

    /** Writes a response that refuses the handshake, and ends the channel. */
    abstract void refuse(HttpResponse response);

    /** What a channel of this kind writes instead of bytes. */
    abstract Object message(ByteBuf bytes);

    /** Ends this direction, behind all that was written. */
    abstract void shutdownOutput();

    /** Ends both directions in good order, behind all that was written. */
    abstract void finish();

    /** Ends both directions at once. */
    abstract void abort();

    /** Closes a stream that has ended in good order in a while, however long its peer takes to end its direction. */
    final void closeSoon() {
        linger = channel().eventLoop().schedule(() -> context().close(), LINGER_SECONDS, TimeUnit.SECONDS);
    }

    /** The connection has taken bytes: the peer may send as many more. */
    void consumed(int bytes) {}

    /** Goes over to WebSocket; the listener's {@code onOpen} is called. */
    final WebSocket open(Role role, HostedResponse.Accepted accepted, Runnable beforeOpen) {
        ChannelConnection opened = connection(role, accepted);
        decided();
        beforeOpen.run();
        connection = opened;
        if (gone) {
            opened.closed(cause);
        } else {
            opened.open();
            closeIfDraining();
        }
        return opened.webSocket();
    }

    private ChannelConnection connection(Role role, HostedResponse.Accepted accepted) {
        WebSocketListener listener = accepted.listener();
        Executor executor = accepted.executor();
        if (listener instanceof FrameHandlers handlers) {
            setReading(true); // from here on, auto-read is the handlers' affair
            bridged = true;
            listener = handlers.on(channel(), role, request);
            executor = null;
        }
        return new ChannelConnection(role, accepted.options(), accepted.upgrade(), this, input, listener, executor);
    }

    private void closeIfDraining() {
        if (draining && connection != null) {
            connection.webSocket().close(CloseCode.GOING_AWAY, "");
        }
    }

    /** The request that a server has got, and what a tool sees from here on. */
    final void requested(HttpRequest head, @Nullable Tap wire) {
        request = head;
        tap = wire;
    }

    /** The handshake is accepted or refused, and nobody waits for that any more. */
    final void decided() {
        decided = true;
        whenGone = null;
    }

    final boolean isDecided() {
        return decided || gone;
    }

    /** Runs something if the channel ends before the handshake is decided. */
    final void whenGone(Runnable action) {
        if (gone) {
            action.run();
        } else {
            whenGone = action;
        }
    }

    // What happens on the channel

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    /** Takes bytes of the peer, which are this end's from now on. */
    final void received(ByteBuf bytes) {
        if (tap != null) {
            tap.received(bytes); // still masked
        }
        ChannelConnection known = connection;
        if (known != null) {
            known.received(bytes);
        } else if (gone) {
            bytes.release();
        } else {
            input.hold(bytes);
            if (input.length() >= MOST_EARLY) { // a peer has nothing to send before the handshake is over
                setReading(false);
            }
        }
    }

    /** The peer has ended its direction in good order. */
    void inputEnded() {
        input.end();
        ChannelConnection known = connection;
        if (known != null) {
            known.inputEnded();
        } else {
            leave();
        }
    }

    /** Why the channel ends, or null if nothing has failed. */
    final @Nullable IOException failure() {
        return cause;
    }

    /** Why the channel is about to end; the first reason counts. */
    final void failed(IOException why) {
        if (cause == null) {
            cause = why;
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (connection != null) {
            connection.settle();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
        if (event instanceof ChannelInputShutdownEvent) {
            inputEnded();
        } else if (event == OpenChannels.Stop.DRAIN) {
            draining = true;
            closeIfDraining();
        }
        super.userEventTriggered(context, event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable thrown) {
        failed(thrown instanceof IOException io ? io : new IOException(thrown));
        abort();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        gone = true;
        if (linger != null) {
            linger.cancel(false);
        }
        ChannelConnection known = connection;
        if (known == null) {
            input.release();
            leave();
        } else {
            try {
                known.closed(cause);
            } catch (Throwable thrown) { // by onClose
                context.fireExceptionCaught(thrown);
            }
        }
        super.channelInactive(context);
    }

    /** A carrier that was not needed, or whose handshake was refused, keeps nothing. */
    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        if (connection == null) {
            gone = true;
            input.release();
        }
    }

    private void leave() {
        Runnable action = whenGone;
        whenGone = null;
        if (action != null) {
            action.run();
        }
    }

    // What the connection does

    final ChannelHandlerContext context() {
        ChannelHandlerContext known = context;
        if (known == null) {
            throw new IllegalStateException("the handler is in no pipeline");
        }
        return known;
    }

    final Channel channel() {
        return context().channel();
    }

    /** The address of the other end of the connection, also for a stream within it. */
    @Nullable
    SocketAddress remoteAddress() {
        return channel().remoteAddress();
    }

    final ByteBuf allocate(int length) {
        return context().alloc().ioBuffer(length);
    }

    final ChannelFuture write(ByteBuf bytes) {
        if (tap != null) {
            tap.sent(bytes);
        }
        return context().write(message(bytes));
    }

    final void flush() {
        context().flush();
    }

    /** Whether the channel shall read; without that, its peer is stopped by its transport. */
    final void setReading(boolean wanted) {
        if (bridged) {
            if (wanted && !channel().config().isAutoRead()) {
                context().read(); // ahead, as far as the connection wants
            }
        } else if (reading != wanted) {
            reading = wanted;
            switchReading(wanted);
        }
    }

    void switchReading(boolean wanted) {
        channel().config().setAutoRead(wanted);
    }
}
