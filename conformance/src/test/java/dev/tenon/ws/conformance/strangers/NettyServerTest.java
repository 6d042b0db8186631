package dev.tenon.ws.conformance.strangers;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketServerExtensionHandler;
import io.netty.handler.codec.http.websocketx.extensions.compression.PerMessageDeflateServerExtensionHandshaker;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/** Netty's server codecs. */
class NettyServerTest extends ServerContract {
    private static final WebSocketServerProtocolConfig CONFIG = WebSocketServerProtocolConfig.newBuilder()
            .websocketPath("/any")
            .subprotocols("chat.v1")
            .allowExtensions(true)
            .maxFramePayloadLength(LARGEST)
            .build();

    /** By default Netty declines an offer that wants the server to give up context takeover; this one may accept it. */
    private static final PerMessageDeflateServerExtensionHandshaker DEFLATE =
            new PerMessageDeflateServerExtensionHandshaker(6, true, 15, true, true, LARGEST);

    @Override
    RunningServer start(@Nullable SSLContext tls) throws Exception {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        Channel channel = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childHandler(new Pipeline(tls))
                .bind("127.0.0.1", 0)
                .sync()
                .channel();
        int port = ((InetSocketAddress) channel.localAddress()).getPort();
        return new RunningServer(
                port, () -> group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync());
    }

    private static final class Pipeline extends ChannelInitializer<SocketChannel> {
        private final @Nullable SSLContext tls;

        Pipeline(@Nullable SSLContext tls) {
            this.tls = tls;
        }

        @Override
        protected void initChannel(SocketChannel channel) {
            if (tls != null) {
                SSLEngine engine = tls.createSSLEngine();
                engine.setUseClientMode(false);
                channel.pipeline().addLast(new SslHandler(engine));
            }
            channel.pipeline()
                    .addLast(
                            new HttpServerCodec(),
                            new HttpObjectAggregator(65_536),
                            new WebSocketServerExtensionHandler(DEFLATE),
                            new WebSocketServerProtocolHandler(CONFIG),
                            new WebSocketFrameAggregator(LARGEST),
                            new Echo(),
                            new NotFound());
        }
    }

    private static final class Echo extends SimpleChannelInboundHandler<WebSocketFrame> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
            boolean listener =
                    frame instanceof TextWebSocketFrame text && text.text().equals(CLOSE_ME);
            context.writeAndFlush(listener ? new CloseWebSocketFrame(4001, "as you wish") : frame.retain())
                    .addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
        }
    }

    private static final class NotFound extends SimpleChannelInboundHandler<FullHttpRequest> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
            context.writeAndFlush(new DefaultFullHttpResponse(request.protocolVersion(), HttpResponseStatus.NOT_FOUND))
                    .addListener(ChannelFutureListener.CLOSE);
        }
    }
}
