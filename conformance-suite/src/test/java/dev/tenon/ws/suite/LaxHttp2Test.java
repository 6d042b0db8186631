package dev.tenon.ws.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A server of HTTP/2 that accepts every request and does nothing else turns the cases about requests and streams red.
 */
@Tag("once")
class LaxHttp2Test {
    /** For a server that has answered before. Some cases wait for this long, because the server says nothing. */
    private static final Settings SHORT_TIMEOUTS =
            Settings.DEFAULT.withTimeouts(Duration.ofMillis(50), Duration.ofSeconds(1));

    @Test
    void aServerThatAcceptsEverythingFailsTheCases() throws Exception {
        play(Settings.DEFAULT, true, Selection.of("20.1.1")); // loads the server's classes
        List<String> red =
                play(SHORT_TIMEOUTS, true, Selection.of("20.3", "20.4", "20.5", "20.6", "20.7", "21.1", "21.2"));
        List<String> taken = red.stream()
                .filter(line -> line.endsWith("the server accepts it"))
                .toList();
        assertTrue(taken.size() >= 40, () -> String.join("\n", red));
        assertTrue(red.stream().anyMatch(line -> line.startsWith("21.1.1 failed: ")), () -> String.join("\n", red));
        assertTrue(red.stream().anyMatch(line -> line.startsWith("21.2.1 failed: ")), () -> String.join("\n", red));
    }

    @Test
    void aServerThatDoesNotAnnounceExtendedConnectIsDetected() throws Exception {
        List<String> red = play(Settings.DEFAULT, false, Selection.of("1.1.1", "20.1.1", "21.1.1"));
        assertEquals(3, red.size());
        red.forEach(line -> assertTrue(line.contains("do not announce SETTINGS_ENABLE_CONNECT_PROTOCOL"), line));
    }

    private static List<String> play(Settings settings, boolean announces, Selection selection) throws Exception {
        MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try {
            Channel server = new ServerBootstrap()
                    .group(loops)
                    .channel(NioServerSocketChannel.class)
                    .childHandler(new ChannelInitializer<Channel>() {
                        @Override
                        protected void initChannel(Channel connection) {
                            Http2Settings announced = Http2Settings.defaultSettings();
                            connection
                                    .pipeline()
                                    .addLast(
                                            Http2FrameCodecBuilder.forServer()
                                                    .validateHeaders(false)
                                                    .initialSettings(
                                                            announces
                                                                    ? announced.connectProtocolEnabled(true)
                                                                    : announced)
                                                    .build(),
                                            new Http2MultiplexHandler(new ChannelInitializer<Channel>() {
                                                @Override
                                                protected void initChannel(Channel stream) {
                                                    stream.pipeline().addLast(new Lax());
                                                }
                                            }));
                        }
                    })
                    .bind("127.0.0.1", 0)
                    .sync()
                    .channel();
            int port = ((InetSocketAddress) server.localAddress()).getPort();
            return new FuzzingClient(URI.create("ws://127.0.0.1:" + port + "/"), settings, Carrier.HTTP_2, null)
                    .run(selection, "lax", (id, verdict, played, all) -> {})
                    .red();
        } finally {
            loops.shutdownGracefully(0, 0, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the suite sees the result of a write
    private static final class Lax extends ChannelInboundHandlerAdapter {
        private boolean open;

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof Http2HeadersFrame && !open) {
                open = true;
                context.writeAndFlush(new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status("200"), false));
            }
            ReferenceCountUtil.release(message);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
