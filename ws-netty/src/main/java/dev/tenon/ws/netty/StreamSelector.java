package dev.tenon.ws.netty;

import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.RequestViolation;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http3.Http3ErrorCode;
import io.netty.handler.codec.http3.Http3HeadersFrame;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Selects the handlers of a stream of HTTP/2 or HTTP/3 when the head of its request arrives, so that a WebSocket holds
 * no handlers of plain requests. It refuses a CONNECT without {@code :protocol} (RFC 9113 §8.5) itself: a handler that
 * waits for the end of the body would wait for the end of the tunnel.
 */
@SuppressWarnings("FutureReturnValueIgnored") // channelInactive follows, whether or not an operation succeeds
final class StreamSelector extends ChannelInboundHandlerAdapter {
    private final long timeoutNanos;
    private final Supplier<? extends ChannelHandler> webSocket;
    private final Consumer<ChannelPipeline> plain;
    private @Nullable Future<?> deadline;
    private boolean draining;

    /**
     * Creates a selector for one stream.
     *
     * @param timeoutNanos how long the head of the request may take
     * @param webSocket creates the handler of an extended CONNECT
     * @param plain adds the handlers of any other request
     */
    StreamSelector(long timeoutNanos, Supplier<? extends ChannelHandler> webSocket, Consumer<ChannelPipeline> plain) {
        this.timeoutNanos = timeoutNanos;
        this.webSocket = webSocket;
        this.plain = plain;
    }

    /** Sets a deadline for a stream of HTTP/3. One of HTTP/2 exists from its head on. */
    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        if (context.channel() instanceof QuicStreamChannel stream) {
            deadline =
                    context.executor().schedule(() -> ExchangeEnd.cancel(stream), timeoutNanos, TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof Http2HeadersFrame head) {
            select(context, message, head.headers(), Http2Carrier::new);
        } else if (message instanceof Http3HeadersFrame head) {
            select(context, message, head.headers(), Http3Carrier::new);
        } else {
            context.fireChannelRead(message);
        }
    }

    private void select(
            ChannelHandlerContext context,
            Object message,
            Headers<CharSequence, CharSequence, ?> head,
            Supplier<? extends Carrier> carriers) {
        ChannelPipeline pipeline = context.pipeline();
        if (WebSocketHandler.isExtendedConnect(head)) {
            pipeline.addLast(webSocket.get());
        } else if (isConnect(head.get(":method"))) {
            refuse(pipeline, carriers.get(), head.contains(":path"));
            pipeline.remove(this);
            return;
        } else {
            plain.accept(pipeline);
        }
        pipeline.remove(this); // only now: a removed handler passes messages to the one that was next to it
        context.fireChannelRead(message);
        if (draining) {
            context.fireUserEventTriggered(OpenChannels.Stop.DRAIN);
        }
    }

    /** Keeps the event for the handlers of a stream of HTTP/3 whose head arrives later. */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        draining |= event == OpenChannels.Stop.DRAIN;
        context.fireUserEventTriggered(event);
    }

    private static boolean isConnect(@Nullable CharSequence method) {
        return method != null && "CONNECT".contentEquals(method);
    }

    private static void refuse(ChannelPipeline pipeline, Carrier carrier, boolean hasPath) {
        pipeline.addLast(carrier);
        carrier.refuse(HandshakeException.refuse(
                        hasPath ? RequestViolation.CONNECT_MALFORMED : RequestViolation.TUNNEL_REQUESTED)
                .toResponse()
                .forVersion(carrier.version()));
    }

    /**
     * Closes a stream that fails before its head has arrived. A malformed request of HTTP/3 resets its stream (RFC 9114
     * §4.1.2), which the close of a stream of QUIC would not do.
     */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable thrown) {
        if (Http3Carrier.isMalformed(thrown) && context.channel() instanceof QuicStreamChannel stream) {
            Http3Carrier.reset(stream, Http3ErrorCode.H3_MESSAGE_ERROR);
        } else {
            context.close();
        }
    }
}
