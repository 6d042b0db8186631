package dev.tenon.ws.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends a connection of HTTP/2 with GOAWAY if it has no stream for a while (RFC 9113 §9.1). While it has one, there is no
 * timer. The handler is behind the codec.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the handlers of the channel report its end
final class Http2Idle extends ChannelInboundHandlerAdapter {
    private final long timeoutNanos;
    private @Nullable Future<?> deadline;

    Http2Idle(long timeoutNanos) {
        this.timeoutNanos = timeoutNanos;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        Http2Connection connection =
                context.pipeline().get(Http2FrameCodec.class).connection();
        connection.addListener(new Http2ConnectionAdapter() {
            @Override
            public void onStreamActive(Http2Stream stream) {
                cancel();
            }

            @Override
            public void onStreamClosed(Http2Stream stream) {
                if (connection.numActiveStreams() == 0) {
                    start(context);
                }
            }
        });
        start(context);
    }

    private void start(ChannelHandlerContext context) {
        cancel();
        if (context.channel().isActive()) {
            deadline = context.executor().schedule((Runnable) context::close, timeoutNanos, TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        cancel();
        super.channelInactive(context);
    }

    private void cancel() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }
}
