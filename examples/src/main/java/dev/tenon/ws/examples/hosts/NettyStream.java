package dev.tenon.ws.examples.hosts;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2StreamChannel;
import java.util.concurrent.TimeUnit;

/**
 * A stream of HTTP/2 as the connection that RFC 6455 speaks of: DATA frames are its bytes, END_STREAM is the end of a
 * direction, and RST_STREAM a reset (RFC 8441 §5).
 */
@SuppressWarnings("FutureReturnValueIgnored") // however a stream's end turns out, channelInactive follows
final class NettyStream extends ChannelDuplexHandler implements NettyConnection.Ends {
    private static final long LINGER_SECONDS = 5;

    private final Http2StreamChannel channel;
    private boolean outputEnded;

    NettyStream(Http2StreamChannel channel) {
        this.channel = channel;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof Http2DataFrame data)) { // trailers, which a WebSocket does not have
            abort();
            return;
        }
        context.fireChannelRead(data.content());
        if (data.isEndStream()) {
            context.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        context.write(message instanceof ByteBuf bytes ? new DefaultHttp2DataFrame(bytes) : message, promise);
    }

    @Override
    public void shutdownOutput() {
        if (!outputEnded) {
            outputEnded = true;
            channel.writeAndFlush(new DefaultHttp2DataFrame(true));
        }
    }

    /** A stream whose two directions have ended is closed; closing it before would be a reset. */
    @Override
    public void finish() {
        shutdownOutput();
        channel.eventLoop().schedule(() -> channel.close(), LINGER_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void abort() {
        channel.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL));
    }
}
