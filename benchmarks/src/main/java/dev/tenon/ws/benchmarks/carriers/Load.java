package dev.tenon.ws.benchmarks.carriers;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.ssl.SslContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** WebSockets to one server, each with a constant number of binary messages of one length in flight. */
@SuppressWarnings("FutureReturnValueIgnored") // a failed load is visible by its missing messages
final class Load implements AutoCloseable {
    private final List<LoadSocket> sockets = new ArrayList<>();
    private final List<Channel> connections = new ArrayList<>();

    /**
     * Connects.
     *
     * @param connections the number of connections
     * @param streams the number of WebSockets of each connection over HTTP/2, or 0 for HTTP/1.1
     * @param size the length of a message in bytes
     * @param depth the number of messages of a WebSocket in flight
     */
    Load(EventLoopGroup loops, int port, @Nullable SslContext tls, int connections, int streams, int size, int depth)
            throws InterruptedException {
        for (int i = 0; i < connections; i++) {
            if (streams == 0) {
                LoadSocket socket = new LoadSocket(size, depth);
                this.connections.add(connect(loops, port, tls, new Http1LoadHandler(socket)));
                sockets.add(socket);
            } else {
                Channel connection = connect(loops, port, tls, new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        addHttp2(channel);
                    }
                });
                this.connections.add(connection);
                connection.writeAndFlush(
                        new DefaultHttp2WindowUpdateFrame(64 * LongFrameCodec.WINDOW)); // after the preface
                for (int j = 0; j < streams; j++) {
                    LoadSocket socket = new LoadSocket(size, depth);
                    new Http2StreamChannelBootstrap(connection)
                            .handler(new Http2LoadHandler(socket))
                            .open()
                            .sync();
                    sockets.add(socket);
                }
            }
        }
        for (LoadSocket socket : sockets) {
            socket.awaitOpen();
        }
    }

    private static Channel connect(EventLoopGroup loops, int port, @Nullable SslContext tls, ChannelHandler handler)
            throws InterruptedException {
        return new Bootstrap()
                .group(loops)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (tls != null) {
                            channel.pipeline().addLast(tls.newHandler(channel.alloc(), "127.0.0.1", port));
                        }
                        channel.pipeline().addLast(handler);
                    }
                })
                .connect("127.0.0.1", port)
                .sync()
                .channel();
    }

    private static void addHttp2(Channel channel) {
        channel.pipeline()
                .addLast(LongFrameCodec.ofClient(), new Http2MultiplexHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel pushed) {}
                }));
    }

    /** Starts to send, or continues. */
    void start() {
        sockets.forEach(LoadSocket::start);
    }

    /** Sends one message on each WebSocket, and waits for all echoes. */
    void sendOne() throws InterruptedException {
        sockets.forEach(LoadSocket::sendOne);
        stop();
    }

    /** Stops sending, and waits for all echoes. */
    void stop() throws InterruptedException {
        for (LoadSocket socket : sockets) {
            socket.stop();
        }
        for (LoadSocket socket : sockets) {
            socket.awaitQuiet();
        }
    }

    /** The number of echoes so far. */
    long messages() {
        return sockets.stream().mapToLong(LoadSocket::messages).sum();
    }

    @Override
    public void close() {
        for (Channel connection : connections) {
            connection.close().awaitUninterruptibly(10, TimeUnit.SECONDS);
        }
    }
}
