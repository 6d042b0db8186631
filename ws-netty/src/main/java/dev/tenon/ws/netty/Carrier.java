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
import java.io.IOException;
import java.net.SocketAddress;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Carries the bytes of one WebSocket over one version of HTTP. It is the last handler of a channel that reads messages.
 * It holds the bytes that arrive before the handshake is decided, and passes all later bytes to a {@link
 * ChannelConnection}.
 */
@SuppressWarnings("FutureReturnValueIgnored") // channelInactive follows, whether or not an operation succeeds
abstract class Carrier extends ChannelInboundHandlerAdapter {
    /**
     * Reading stops when this number of bytes is held before the handshake is decided. Then the end of the peer's direction
     * is not read either.
     */
    private static final int MOST_EARLY = 16 * 1024;

    private final ChannelInput input = new ChannelInput();
    private @Nullable ChannelHandlerContext context;
    private @Nullable ChannelConnection connection;
    private @Nullable Runnable whenGone;
    private @Nullable IOException cause;
    private boolean decided;
    private boolean gone;
    private boolean refused;
    private boolean draining;
    private boolean bridged;
    private boolean reading = true;
    private @Nullable HttpRequest request;
    private @Nullable Tap tap;

    /** The version of HTTP that carries the WebSocket. */
    abstract HttpVersion version();

    /** Writes the response that accepts the handshake. */
    abstract void accept(HttpResponse response);

    /**
     * Writes a response that refuses the handshake, and ends the channel when it has left.
     *
     * @return the last write of the response
     */
    abstract ChannelFuture writeRefusal(HttpResponse response);

    /** Wraps bytes in the message that a channel of this kind writes. */
    abstract Object message(ByteBuf bytes);

    /** Ends this direction, after all written bytes. */
    abstract void shutdownOutput();

    /** Ends both directions in good order, after all written bytes. */
    abstract void finish();

    /** Ends both directions at once. */
    abstract void abort();

    /** Ends a channel whose client has ended its direction before the decision. There will be no response. */
    void abandon() {
        abort();
    }

    /** Records that the connection has taken bytes, so that the peer may send the same number of bytes more. */
    void consumed(int bytes) {}

    /** Opens the WebSocket, which calls the listener's {@code onOpen}. */
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
            setReading(true); // from now on, the handlers control auto-read
            bridged = true;
            listener = handlers.on(channel(), role, request);
            executor = null;
        }
        request = null; // is not kept for the life of the WebSocket
        return new ChannelConnection(role, accepted.options(), accepted.upgrade(), this, input, listener, executor);
    }

    private void closeIfDraining() {
        if (draining && connection != null) {
            connection.webSocket().close(CloseCode.GOING_AWAY, "");
        }
    }

    /** Sets the request that the server has received, and the tap for the following bytes. */
    final void requested(HttpRequest head, @Nullable Tap wire) {
        request = head;
        tap = wire;
    }

    /** Records that the handshake is accepted or refused. The action of {@link #whenGone(Runnable)} is dropped. */
    final void decided() {
        decided = true;
        whenGone = null;
    }

    /**
     * Refuses the handshake, drops the bytes of the peer from now on, and ends the channel when the response has left or
     * the peer does not take it.
     */
    final void refuse(HttpResponse response) {
        decided();
        refused = true;
        int dropped = input.length();
        input.release();
        new StallWatch(channel()).watch(writeRefusal(response));
        consumed(dropped);
    }

    final boolean isDecided() {
        return decided || gone;
    }

    /**
     * Sets an action that runs if the channel or the peer's direction ends before the handshake is decided, but not if
     * that direction has ended already ({@link #leaveIfEnded}).
     */
    final void whenGone(Runnable action) {
        if (gone) {
            action.run();
        } else {
            whenGone = action;
        }
    }

    // Events of the channel

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    /** Receives bytes of the peer, and takes ownership of the buffer. */
    final void received(ByteBuf bytes) {
        if (tap != null) {
            tap.received(bytes); // the payload is still masked
        }
        ChannelConnection known = connection;
        if (known != null) {
            known.received(bytes);
        } else if (gone || refused) {
            consumed(bytes.readableBytes());
            bytes.release();
        } else {
            input.hold(bytes);
            if (input.length() >= MOST_EARLY) { // a peer has no reason to send before the end of the handshake
                setReading(false);
            }
        }
    }

    /** Handles the end of the peer's direction in good order. */
    void inputEnded() {
        input.end();
        ChannelConnection known = connection;
        if (known != null) {
            known.inputEnded();
        } else {
            leave();
        }
    }

    /** Runs the action of {@link #whenGone(Runnable)} if the peer's direction has ended before it was set. */
    final void leaveIfEnded() {
        if (input.isEnded()) {
            leave();
        }
    }

    final boolean isGone() {
        return gone;
    }

    /** Returns the reason why the channel ends, or null if there was no failure. */
    final @Nullable IOException failure() {
        return cause;
    }

    /** Sets the reason why the channel will end. Only the first reason is stored. */
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
        ChannelConnection known = connection;
        if (known == null) {
            input.release();
            leave();
        } else {
            try {
                known.closed(cause);
            } catch (Throwable thrown) { // thrown by onClose
                context.fireExceptionCaught(thrown);
            }
        }
        super.channelInactive(context);
    }

    /** Releases the held bytes of a carrier that was not needed or whose handshake was refused. */
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

    // Calls of the connection

    final ChannelHandlerContext context() {
        ChannelHandlerContext known = context;
        if (known == null) {
            throw new IllegalStateException("the handler is in no pipeline: add it to one first");
        }
        return known;
    }

    final Channel channel() {
        return context().channel();
    }

    /** Returns the address of the peer of the connection, also for a stream of that connection. */
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

    /** Sets whether the channel reads. While it does not read, the transport stops the peer. */
    final void setReading(boolean wanted) {
        if (bridged) {
            if (wanted && !channel().config().isAutoRead()) {
                context().read(); // reads ahead while the connection wants input
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
