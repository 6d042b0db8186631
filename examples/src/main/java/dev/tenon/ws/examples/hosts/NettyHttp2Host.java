package dev.tenon.ws.examples.hosts;

import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamChannel;

/**
 * An echo server over HTTP/2: Netty carries the streams, Tenon decides on each extended CONNECT and speaks WebSocket in its
 * stream (RFC 8441). The first argument is the port, 0 for any; the actual one is printed. It speaks HTTP/2 in the clear
 * from the first byte; browsers want TLS in front of it.
 */
public final class NettyHttp2Host {
    private NettyHttp2Host() {}

    /**
     * Serves until the process is ended.
     *
     * @param args the port
     */
    public static void main(String... args) {
        NettyServer.serve(Integer.parseInt(args[0]), new Connections());
    }

    private static final class Connections extends ChannelInitializer<SocketChannel> {
        @Override
        protected void initChannel(SocketChannel channel) {
            Http2Settings settings = Http2Settings.defaultSettings().connectProtocolEnabled(true); // RFC 8441 §3
            channel.pipeline()
                    .addLast(Http2FrameCodecBuilder.forServer()
                            .initialSettings(settings)
                            .build());
            channel.pipeline().addLast(new Http2MultiplexHandler(new Streams()));
        }
    }

    private static final class Streams extends ChannelInitializer<Http2StreamChannel> {
        @Override
        protected void initChannel(Http2StreamChannel channel) {
            channel.pipeline().addLast(new NettyExtendedConnect());
        }
    }
}
