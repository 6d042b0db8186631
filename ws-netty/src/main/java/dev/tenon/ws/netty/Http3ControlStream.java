package dev.tenon.ws.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http3.Http3Exception;
import io.netty.util.ReferenceCountUtil;

/**
 * The last handler of the control stream of a peer of HTTP/3. It drops the frames and the failures that the codec has
 * handled. Otherwise Netty would log the failures, and a peer must not be able to fill logs.
 */
final class Http3ControlStream extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object frame) {
        ReferenceCountUtil.release(frame);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable thrown) {
        if (!(thrown instanceof Http3Exception)) {
            context.fireExceptionCaught(thrown);
        }
    }
}
