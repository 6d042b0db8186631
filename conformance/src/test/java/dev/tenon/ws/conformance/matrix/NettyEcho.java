package dev.tenon.ws.conformance.matrix;

import dev.tenon.ws.conformance.peers.Certificate;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.codec.http.websocketx.extensions.compression.WebSocketClientCompressionHandler;
import io.netty.handler.codec.http.websocketx.extensions.compression.WebSocketServerCompressionHandler;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Netty with the pipelines of its own examples: it echoes each frame. */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write ends the connection, which the test sees
final class NettyEcho extends SimpleChannelInboundHandler<WebSocketFrame> {
    private NettyEcho() {}

    static Stop connect(String url, EventLog eventLog, @Nullable Certificate certificate) throws Exception {
        URI uri = URI.create(url);
        WebSocketClientProtocolConfig config = WebSocketClientProtocolConfig.newBuilder()
                .webSocketUri(uri)
                .allowExtensions(true)
                .build();
        EventLoopGroup group = group();
        new Bootstrap()
                .group(group)
                .channel(NioSocketChannel.class)
                .handler(initializer(channel -> channel.pipeline()
                        .addLast(
                                new HttpClientCodec(),
                                new HttpObjectAggregator(8192),
                                new WebSocketClientCompressionHandler(0),
                                new CloseFrameObserver(eventLog),
                                new WebSocketClientProtocolHandler(config),
                                new NettyEcho())))
                .connect(uri.getHost(), uri.getPort())
                .sync();
        return () -> stop(group);
    }

    static Peer.RunningServer listen(EventLog eventLog, @Nullable Certificate certificate) throws Exception {
        EventLoopGroup group = group();
        Channel channel = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childHandler(initializer(one -> one.pipeline()
                        .addLast(
                                new HttpServerCodec(),
                                new HttpObjectAggregator(65_536),
                                new WebSocketServerCompressionHandler(0),
                                new CloseFrameObserver(eventLog),
                                new WebSocketServerProtocolHandler("/", null, true),
                                new NettyEcho())))
                .bind("127.0.0.1", 0)
                .sync()
                .channel();
        return new Peer.RunningServer(((InetSocketAddress) channel.localAddress()).getPort(), () -> stop(group));
    }

    private static EventLoopGroup group() {
        return new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    }

    private static void stop(EventLoopGroup group) throws InterruptedException {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }

    private static ChannelInitializer<SocketChannel> initializer(Consumer<SocketChannel> pipeline) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(SocketChannel channel) {
                pipeline.accept(channel);
            }
        };
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
        if (frame instanceof TextWebSocketFrame text && text.isFinalFragment()) {
            echo(context.channel()).onText(text.text());
        } else {
            context.writeAndFlush(frame.retain(), context.voidPromise());
        }
    }

    /** Protocol handlers close the connection, for example after a frame that was too long. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }

    /** Returns the connection of a channel after its upgrade. */
    static Echo echo(Channel channel) {
        return new Echo() {
            @Override
            void send(String text) {
                channel.writeAndFlush(new TextWebSocketFrame(text), channel.voidPromise());
            }

            @Override
            void close(int code, String reason) {
                channel.writeAndFlush(new CloseWebSocketFrame(code, reason), channel.voidPromise());
            }

            @Override
            boolean ping(byte[] payload) {
                channel.writeAndFlush(new PingWebSocketFrame(Unpooled.wrappedBuffer(payload)), channel.voidPromise());
                return true;
            }

            @Override
            boolean fragments(String... pieces) {
                channel.write(new TextWebSocketFrame(false, 0, pieces[0]));
                for (int i = 1; i < pieces.length; i++) {
                    channel.write(new ContinuationWebSocketFrame(i == pieces.length - 1, 0, pieces[i]));
                }
                channel.flush();
                return true;
            }
        };
    }

    /** Sees Close frames before the protocol handler takes them. */
    private static final class CloseFrameObserver extends ChannelInboundHandlerAdapter {
        private final EventLog eventLog;

        CloseFrameObserver(EventLog eventLog) {
            this.eventLog = eventLog;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof CloseWebSocketFrame close) {
                eventLog.closed(close.statusCode(), close.reasonText());
            }
            context.fireChannelRead(message);
        }
    }
}
