package dev.tenon.ws.netty;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.MessageType;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.ProtocolException;
import dev.tenon.ws.frame.Role;
import dev.tenon.ws.handshake.HttpRequest;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.UnsupportedMessageTypeException;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Connects handlers for Netty's frames with a WebSocket. It is behind the {@link Carrier} and in front of the handlers.
 * The handlers read the events of the connection as frames, and the bridge sends the frames that the handlers write.
 * For the event loop's own thread.
 *
 * <pre>
 *     Carrier → ChannelConnection → FrameListener → FrameBridge → channelRead of the handlers
 *     Carrier ← ChannelConnection ←   WebSocket   ← FrameBridge ← write of the handlers
 * </pre>
 */
@SuppressWarnings("FutureReturnValueIgnored") // the handlers of the channel report its end
final class FrameBridge extends ChannelDuplexHandler {
    private final Channel channel;
    private final Role role;
    private final @Nullable HttpRequest request;
    private final Consumer<? super ChannelPipeline> handlers;
    private final boolean controlFrames;

    private @Nullable ChannelHandlerContext context;
    private @Nullable WebSocket webSocket;
    private @Nullable FrameSender sender;
    /** Whether a frame was requested that has not arrived yet. */
    private boolean readRequested;
    /** Whether the handlers have received frames and still need {@code channelReadComplete}. */
    private boolean reading;

    private boolean readsPing;

    FrameBridge(
            Channel channel,
            Role role,
            @Nullable HttpRequest request,
            Consumer<? super ChannelPipeline> handlers,
            boolean controlFrames) {
        this.channel = channel;
        this.role = role;
        this.request = request;
        this.handlers = handlers;
        this.controlFrames = controlFrames;
    }

    // Events of the connection

    void open(WebSocket opened) {
        webSocket = opened;
        sender = new FrameSender(opened);
        channel.pipeline().addLast(this);
        handlers.accept(channel.pipeline());
        channel.pipeline().addLast(new PeerFailures());
        ChannelHandlerContext known = context();
        known.fireChannelActive();
        HandshakeEvents.of(role, request, opened).forEach(known::fireUserEventTriggered);
        if (channel.config().isAutoRead()) {
            ask();
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    private ChannelHandlerContext context() {
        ChannelHandlerContext known = context;
        if (known == null) {
            throw new IllegalStateException("the handler is in no pipeline: add it to one first");
        }
        return known;
    }

    private WebSocket webSocket() {
        WebSocket known = webSocket;
        if (known == null) {
            throw new IllegalStateException("the connection is not open");
        }
        return known;
    }

    private FrameSender sender() {
        FrameSender known = sender;
        if (known == null) {
            throw new IllegalStateException("the connection is not open");
        }
        return known;
    }

    void data(MessageType type, ByteBuffer payload, boolean first, boolean last) {
        readRequested = false;
        ByteBuf content = copy(payload);
        tell(
                !first
                        ? new ContinuationWebSocketFrame(last, 0, content)
                        : type == MessageType.TEXT
                                ? new TextWebSocketFrame(last, 0, content)
                                : new BinaryWebSocketFrame(last, 0, content));
        if (channel.config().isAutoRead()) {
            ask();
        }
    }

    void ping(ByteBuffer payload) {
        if (controlFrames) {
            readsPing = true;
            tell(new PingWebSocketFrame(copy(payload)));
            readsPing = false;
        }
    }

    void pong(ByteBuffer payload) {
        if (controlFrames) {
            tell(new PongWebSocketFrame(copy(payload)));
        }
    }

    private ByteBuf copy(ByteBuffer borrowed) {
        return context().alloc().buffer(borrowed.remaining()).writeBytes(borrowed);
    }

    private void tell(WebSocketFrame frame) {
        ChannelHandlerContext known = context();
        if (known.isRemoved()) {
            frame.release();
            return;
        }
        if (!reading) {
            reading = true;
            known.executor().execute(this::readComplete); // after all frames of this read
        }
        known.fireChannelRead(frame);
    }

    private void readComplete() {
        reading = false;
        context().fireChannelReadComplete();
    }

    /**
     * Reports a failure to the handlers. A violation by the peer becomes the exception that Netty's codec would throw.
     */
    void failed(Throwable error) {
        if (context != null) {
            context.fireExceptionCaught(error instanceof ProtocolException broken ? toNettyException(broken) : error);
        }
    }

    private static Throwable toNettyException(ProtocolException broken) {
        WebSocketCloseStatus status =
                WebSocketCloseStatus.valueOf(broken.closeCode().value());
        return new CorruptedWebSocketFrameException(status, broken.getMessage(), broken);
    }

    void closed(CloseEvent event) {
        boolean delivered =
                event.wasClean() || (event.cause() == null && event.code().value() != 1006);
        if (controlFrames && delivered) {
            tell(
                    event.code().equals(CloseCode.NO_STATUS_RECEIVED)
                            ? new CloseWebSocketFrame()
                            : new CloseWebSocketFrame(event.code().value(), event.reason()));
        }
        if (sender != null) {
            sender.close();
        }
    }

    /**
     * Passes the event on in a later task. The channel fires it inside a write, and the connection is in the middle of a
     * frame then: a handler that reacts must not send another one there.
     */
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext changed) {
        changed.executor().execute(changed::fireChannelWritabilityChanged);
    }

    /** Aborts the WebSocket. Frames that were not requested yet are dropped. */
    @Override
    public void handlerRemoved(ChannelHandlerContext removed) {
        webSocket().abort();
    }

    // Calls of the handlers

    private void ask() {
        if (!readRequested) {
            readRequested = true;
            webSocket().request(1);
        }
    }

    /**
     * Requests a frame. While auto-read is off, the channel is not read here, because the carrier reads it when the
     * connection wants input.
     */
    @Override
    public void read(ChannelHandlerContext context) {
        ask();
        if (channel.config().isAutoRead()) {
            context.read();
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        try {
            if (readsPing && message instanceof PongWebSocketFrame) { // the connection has already sent a pong
                sender().keep(promise);
            } else if (message instanceof WebSocketFrame frame) {
                sender().send(frame, promise);
            } else {
                promise.tryFailure(new UnsupportedMessageTypeException(message, WebSocketFrame.class));
            }
        } catch (IllegalArgumentException unsendable) {
            promise.tryFailure(unsendable);
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    /** Completes promises. The bytes need no flush here, because the connection flushes at the end of each event. */
    @Override
    public void flush(ChannelHandlerContext context) {
        sender().flush();
    }

    @Override
    public void disconnect(ChannelHandlerContext context, ChannelPromise promise) {
        close(context, promise);
    }

    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        channel.closeFuture().addListener(closed -> promise.trySuccess());
        webSocket().close();
    }
}
