package dev.tenon.ws.examples.hosts;

import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.extension.Upgrade;
import dev.tenon.ws.handshake.Agreement;
import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.Headers;
import dev.tenon.ws.handshake.HttpRequest;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.handshake.HttpVersion;
import dev.tenon.ws.handshake.OriginPolicy;
import dev.tenon.ws.handshake.ServerHandshake;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import java.net.InetSocketAddress;
import java.util.List;

/** Decides on the request of a stream, which Netty has read, and makes the rest of the stream a connection (RFC 8441). */
@SuppressWarnings("FutureReturnValueIgnored") // however a write turns out, the end of the stream is told elsewhere
final class NettyExtendedConnect extends SimpleChannelInboundHandler<Http2HeadersFrame> {
    private static final ServerHandshake HANDSHAKE =
            new ServerHandshake(Extensions.load(), List.of("chat"), OriginPolicy.sameOrigin());

    @Override
    protected void channelRead0(ChannelHandlerContext context, Http2HeadersFrame message) {
        try {
            Http2StreamChannel channel = (Http2StreamChannel) context.channel();
            InetSocketAddress peer = (InetSocketAddress) channel.parent().remoteAddress();
            Agreement agreed = HANDSHAKE.accept(HANDSHAKE.check(request(message.headers()), false, peer));
            context.writeAndFlush(new DefaultHttp2HeadersFrame(headers(agreed.response()), false));
            NettyStream stream = new NettyStream(channel);
            Upgrade upgrade = agreed.upgrade();
            context.pipeline().addLast(stream, new NettyConnection(channel, stream, upgrade));
            context.pipeline().remove(this);
        } catch (HandshakeException refusal) {
            HttpResponse response = refusal.toResponse().forVersion(HttpVersion.HTTP_2);
            context.write(new DefaultHttp2HeadersFrame(headers(response), false));
            context.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(response.body()), true));
        }
    }

    private static HttpRequest request(Http2Headers read) {
        try {
            Headers.Builder headers = Headers.builder();
            read.forEach(header ->
                    headers.add(header.getKey().toString(), header.getValue().toString()));
            return HttpRequest.ofPseudoHeaders(HttpVersion.HTTP_2, headers.build());
        } catch (IllegalArgumentException e) {
            throw HandshakeException.refuse(400, "a malformed head");
        }
    }

    private static Http2Headers headers(HttpResponse response) {
        Http2Headers headers = new DefaultHttp2Headers().status(Integer.toString(response.status()));
        response.headers().toMap().forEach(headers::add); // names in lower case, as HTTP/2 wants them
        return headers;
    }
}
