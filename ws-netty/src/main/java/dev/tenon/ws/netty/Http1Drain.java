package dev.tenon.ws.netty;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;

/**
 * Ends a connection of HTTP/1.1 when its server stops. If no request is in progress, it closes the connection at once.
 * Otherwise it closes the connection after the next response, which it marks with {@code Connection: close} (RFC 9112
 * §9.6). The handler is behind the codec. A WebSocket ends by a Close frame instead.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the handlers of the channel report its end
final class Http1Drain extends ChannelDuplexHandler {
    /** The number of requests whose head has arrived and whose response is not yet written. */
    private int unanswered;

    private boolean draining;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest) {
            unanswered++;
        }
        context.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        ChannelPromise written = promise;
        boolean last = HttpHeads.endsResponse(message);
        if (last) {
            unanswered--;
        }
        if (draining
                && message instanceof HttpResponse response
                && response.status().code() >= 200) {
            HttpUtil.setKeepAlive(response, false);
        }
        if (draining && last) {
            written = promise.unvoid();
            written.addListener(ChannelFutureListener.CLOSE);
        }
        context.write(message, written);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == OpenChannels.Stop.DRAIN) {
            draining = true;
            if (unanswered == 0) {
                context.close();
            }
        }
        context.fireUserEventTriggered(event);
    }
}
