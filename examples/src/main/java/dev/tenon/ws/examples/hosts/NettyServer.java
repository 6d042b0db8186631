package dev.tenon.ws.examples.hosts;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** One event loop of Netty that listens on the loopback address. */
final class NettyServer {
    private NettyServer() {}

    /** Serves until the process is ended; prints the port. */
    static void serve(int port, ChannelInitializer<SocketChannel> pipeline) {
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try {
            Channel server = new ServerBootstrap()
                    .group(loops)
                    .channel(NioServerSocketChannel.class)
                    .childHandler(pipeline)
                    .bind(InetAddress.getLoopbackAddress(), port)
                    .syncUninterruptibly()
                    .channel();
            System.out.println(((InetSocketAddress) server.localAddress()).getPort());
            server.closeFuture().syncUninterruptibly();
        } finally {
            loops.shutdownGracefully().syncUninterruptibly();
        }
    }
}
