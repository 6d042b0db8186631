package dev.tenon.ws.examples.hosts;

import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;

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
        NettyServer.serve(Integer.parseInt(args[0]), new Pipeline());
    }

    private static final class Pipeline extends ChannelInitializer<SocketChannel> {
        @Override
        protected void initChannel(SocketChannel channel) {
            channel.config().setAllowHalfClosure(true); // a response may follow the end of the input
            channel.pipeline().addLast(new HttpServerCodec());
            channel.pipeline().addLast(new HttpObjectAggregator(8192));
            channel.pipeline().addLast(new NettyUpgrade());
        }
    }
}
