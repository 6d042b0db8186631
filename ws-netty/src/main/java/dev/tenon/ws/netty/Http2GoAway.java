package dev.tenon.ws.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.DefaultHttp2PingFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2PingFrame;
import io.netty.util.ReferenceCountUtil;

/**
 * Ends a connection of HTTP/2 when its server stops (RFC 9113 §6.8). A first GOAWAY announces the end. When the client
 * has read it, a second GOAWAY names the last stream that the server serves. The connection is closed when all streams
 * have ended. The handler is the last one of the connection.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the handlers of the channel report its end
final class Http2GoAway extends PeerFailures {
    /** The payload of this handler's ping, which identifies its acknowledgement. */
    private static final long PING = 0x676f_6177_6179_0000L;

    private boolean pingSent;

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == OpenChannels.Stop.DRAIN && !pingSent) {
            pingSent = true;
            context.write(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR).setExtraStreamIds(Integer.MAX_VALUE));
            context.writeAndFlush(new DefaultHttp2PingFrame(PING));
        }
        context.fireUserEventTriggered(event);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message);
        if (pingSent && message instanceof Http2PingFrame ping && ping.ack() && ping.content() == PING) {
            context.write(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR));
            // no timeout here: the server has a deadline and aborts the remaining channels then
            context.pipeline().get(Http2FrameCodec.class).gracefulShutdownTimeoutMillis(-1);
            context.close();
        }
    }
}
