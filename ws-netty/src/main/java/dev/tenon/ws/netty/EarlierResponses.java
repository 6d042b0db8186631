package dev.tenon.ws.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpResponseEncoder;

/**
 * Takes the place of the codec of HTTP/1.1 when a client has asked for a WebSocket without waiting for the responses to what it
 * has asked for before (RFC 9112 §9.3.2): encodes those, and then has the handshake begin.
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
