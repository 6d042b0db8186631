package dev.tenon.ws.netty;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;

/**
 * Ends a connection of HTTP/1.1 when its server stops: at once if no request is under way, else behind the response, which says
 * so (RFC 9112 §9.6). Behind the codec; a WebSocket ends by a Close frame.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the end of the channel is told by its handlers
final class Http1Drain extends ChannelDuplexHandler {
    /** Requests whose head has come and whose response has not left. */
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
