package dev.tenon.ws.netty;

import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.RequestViolation;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http3.Http3HeadersFrame;
import org.jspecify.annotations.Nullable;

/**
 * Refuses a CONNECT without {@code :protocol} in a stream of HTTP/2 or HTTP/3 (RFC 9113 §8.5). It refuses as soon as
 * the head arrives: a handler that waits for the end of the body would wait for the end of the tunnel.
 */
final class TunnelRefusal extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof Http2HeadersFrame head
                && isConnect(head.headers().method())) {
            refuse(context, new Http2Carrier(), head.headers().path() != null);
        } else if (message instanceof Http3HeadersFrame head
                && isConnect(head.headers().method())) {
            refuse(context, new Http3Carrier(), head.headers().path() != null);
        } else {
            context.fireChannelRead(message);
        }
    }

    private static boolean isConnect(@Nullable CharSequence method) {
        return method != null && "CONNECT".contentEquals(method);
    }

    private static void refuse(ChannelHandlerContext context, Carrier carrier, boolean hasPath) {
        context.pipeline().addAfter(context.name(), null, carrier);
        carrier.decided();
        carrier.refuse(HandshakeException.refuse(
                        hasPath ? RequestViolation.CONNECT_MALFORMED : RequestViolation.TUNNEL_REQUESTED)
                .toResponse()
                .forVersion(carrier.version()));
    }
}
