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
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import java.net.InetSocketAddress;
import java.util.List;

/** Decides on a request that Netty has read, and replaces the HTTP part of the pipeline by a connection. */
@SuppressWarnings("FutureReturnValueIgnored") // however a write turns out, the end of the channel is told elsewhere
final class NettyUpgrade extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final ServerHandshake HANDSHAKE =
            new ServerHandshake(Extensions.load(), List.of(), OriginPolicy.sameOrigin());

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest message) {
        try {
            InetSocketAddress peer = (InetSocketAddress) context.channel().remoteAddress();
            Agreement agreed = HANDSHAKE.accept(HANDSHAKE.check(request(message), false, peer));
            context.writeAndFlush(response(agreed.response()));
            speakWebSocket(context, agreed.upgrade());
        } catch (HandshakeException refusal) {
            context.writeAndFlush(response(refusal.toResponse())).addListener(ChannelFutureListener.CLOSE);
        }
    }

    private static HttpRequest request(FullHttpRequest message) {
        if (message.decoderResult().isFailure()) {
            throw HandshakeException.refuse(400, "not HTTP");
        }
        try {
            Headers.Builder headers = Headers.builder();
            message.headers().forEach(header -> headers.add(header.getKey(), header.getValue()));
            HttpVersion version = message.protocolVersion().equals(io.netty.handler.codec.http.HttpVersion.HTTP_1_0)
                    ? HttpVersion.HTTP_1_0
                    : HttpVersion.HTTP_1_1;
            return new HttpRequest(message.method().name(), message.uri(), version, headers.build());
        } catch (IllegalArgumentException e) {
            throw HandshakeException.refuse(400, "a malformed head");
        }
    }

    private static FullHttpResponse response(HttpResponse response) {
        FullHttpResponse message = new DefaultFullHttpResponse(
                io.netty.handler.codec.http.HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(response.status(), response.reason()),
                Unpooled.wrappedBuffer(response.body()));
        response.headers().forEach(message.headers()::add);
        if (response.status() != 101) {
            message.headers().set("Content-Length", response.body().remaining());
        }
        return message;
    }

    /** What Netty's codec has read beyond the request is passed on when it leaves, so the connection comes in before. */
    private static void speakWebSocket(ChannelHandlerContext context, Upgrade upgrade) {
        ChannelPipeline pipeline = context.pipeline();
        SocketChannel channel = (SocketChannel) context.channel();
        pipeline.addLast(new NettyConnection(channel, new SocketEnds(channel), upgrade));
        pipeline.remove(HttpObjectAggregator.class);
        pipeline.remove(NettyUpgrade.class);
        pipeline.remove(HttpServerCodec.class);
    }

    private record SocketEnds(SocketChannel channel) implements NettyConnection.Ends {
        @Override
        public void shutdownOutput() {
            channel.shutdownOutput();
        }

        @Override
        public void finish() {
            channel.close();
        }

        @Override
        public void abort() {
            channel.close();
        }
    }
}
