package dev.tenon.ws.examples.hosts;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * An echo server in Netty's pipeline: its HTTP codec reads the request, Tenon decides on it and speaks WebSocket from there
 * on. The first argument is the port, 0 for any; the actual one is printed.
 */
public final class NettyHost {
    private NettyHost() {}

    /**
     * Serves until the process is ended.
     *
     * @param args the port
     */
    public static void main(String... args) {
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try {
            Channel server = new ServerBootstrap()
                    .group(loops)
                    .channel(NioServerSocketChannel.class)
                    .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true) // an answer may follow the end of the input
                    .childHandler(new Pipeline())
                    .bind(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]))
                    .syncUninterruptibly()
                    .channel();
            System.out.println(((InetSocketAddress) server.localAddress()).getPort());
            server.closeFuture().syncUninterruptibly();
        } finally {
            loops.shutdownGracefully().syncUninterruptibly();
        }
    }

    private static final class Pipeline extends ChannelInitializer<SocketChannel> {
        @Override
        protected void initChannel(SocketChannel channel) {
            channel.pipeline().addLast(new HttpServerCodec());
            channel.pipeline().addLast(new HttpObjectAggregator(8192));
            channel.pipeline().addLast(new NettyUpgrade());
        }
    }
}
