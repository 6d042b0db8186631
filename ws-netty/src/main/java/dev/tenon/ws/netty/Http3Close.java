package dev.tenon.ws.netty;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http3.Http3ErrorCode;
import io.netty.handler.codec.quic.QuicChannel;

/**
 * Closes a connection of QUIC with the error code H3_NO_ERROR if nothing has set another one (RFC 9114 §5.2). Without it
 * Netty would send the code of a failure of QUIC itself. The first handler of the pipeline.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the promise reports the end
final class Http3Close extends ChannelOutboundHandlerAdapter {
    private boolean coded;

    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        if (coded) {
            context.close(promise);
        } else {
            coded = true; // the channel calls this method again, and keeps a code that it already has
            ((QuicChannel) context.channel())
                    .close(true, Http3ErrorCode.H3_NO_ERROR.code(), Unpooled.EMPTY_BUFFER, promise);
        }
    }
}
