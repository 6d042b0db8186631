package dev.tenon.ws.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpResponseEncoder;

/**
 * Encodes the responses to earlier requests of a connection of HTTP/1.1 (RFC 9112 §9.3.2), and then starts the opening
 * handshake. It replaces the codec when a client has sent the request for a WebSocket before it has received the
 * responses to its earlier requests.
 */
final class EarlierResponses extends HttpResponseEncoder {
    private final Runnable handshake;
    private int missing;

    EarlierResponses(int missing, Runnable handshake) {
        this.missing = missing;
        this.handshake = handshake;
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) throws Exception {
        boolean last = HttpHeads.endsResponse(message) && --missing == 0;
        super.write(context, message, promise);
        if (last) {
            context.pipeline().remove(this);
            handshake.run();
        }
    }
}
