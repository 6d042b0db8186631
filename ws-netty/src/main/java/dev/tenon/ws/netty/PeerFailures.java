package dev.tenon.ws.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.IOException;

/**
 * The last handler of a connection of HTTP/2, and of a pipeline with handlers for frames. It drops a failure of the
 * peer that no other handler has handled. Otherwise Netty would log the failure, and a peer must not be able to fill logs.
 */
class PeerFailures extends ChannelInboundHandlerAdapter {
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable thrown) {
        boolean ofPeer = thrown instanceof CorruptedWebSocketFrameException
                || thrown instanceof Http2Exception
                || thrown instanceof IOException;
        if (!ofPeer || !equals(context.pipeline().last())) {
            context.fireExceptionCaught(thrown);
        }
    }
}
