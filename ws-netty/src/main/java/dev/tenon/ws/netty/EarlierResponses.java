package dev.tenon.ws.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;

/**
 * Waits for the responses to earlier requests of a connection of HTTP/1.1 (RFC 9112 §9.3.2), and then starts the opening
 * handshake. It is behind the encoder when a client has sent the request for a WebSocket before it has received the
 * responses to its earlier requests, of which one may have left in part.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the caller's promise reports the write
final class EarlierResponses extends ChannelOutboundHandlerAdapter {
    private final Runnable handshake;
    private int missing;

    EarlierResponses(int missing, Runnable handshake) {
        this.missing = missing;
        this.handshake = handshake;
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        boolean last = HttpHeads.endsResponse(message) && --missing == 0;
        context.write(message, promise);
        if (last) {
            context.pipeline().remove(this);
            handshake.run();
        }
    }
}
