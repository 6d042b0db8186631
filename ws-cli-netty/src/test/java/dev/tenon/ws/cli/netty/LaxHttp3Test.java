package dev.tenon.ws.cli.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.suite.FuzzingClient;
import dev.tenon.ws.suite.Selection;
import dev.tenon.ws.suite.Settings;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.http3.DefaultHttp3Headers;
import io.netty.handler.codec.http3.DefaultHttp3HeadersFrame;
import io.netty.handler.codec.http3.DefaultHttp3SettingsFrame;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.http3.Http3HeadersFrame;
import io.netty.handler.codec.http3.Http3ServerConnectionHandler;
import io.netty.handler.codec.http3.Http3Settings;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A server of HTTP/3 that accepts every request and does nothing else turns cases red. */
@Tag("once")
class LaxHttp3Test {
    private static final Settings SHORT_TIMEOUTS =
            Settings.DEFAULT.withTimeouts(Duration.ofMillis(50), Duration.ofSeconds(1));

    @Test
    void aServerThatAcceptsEverythingFailsTheCases() throws Exception {
        String[] expected = {
            "1.1.1", "23.1.1", "23.4.1", "23.7.1", "23.7.6", "24.1.2", "24.2.1", "24.3.1", "24.4.3", "24.5.1"
        };
        List<String> red = play(true, expected);
        for (String id : expected) {
            assertTrue(red.stream().anyMatch(line -> line.startsWith(id + " failed: ")), () -> String.join("\n", red));
        }
    }

    @Test
    void aServerThatDoesNotAnnounceExtendedConnectIsDetected() throws Exception {
        List<String> red = play(false, "1.1.1", "23.1.1", "24.1.1");
        assertEquals(3, red.size());
        red.forEach(line -> assertTrue(line.contains("do not announce SETTINGS_ENABLE_CONNECT_PROTOCOL"), line));
    }

    private static List<String> play(boolean announces, String... cases) throws Exception {
        MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try (DemoKey key = DemoKey.make()) {
            Channel server = new Bootstrap()
                    .group(loops)
                    .channel(NioDatagramChannel.class)
                    .handler(Http3.newQuicServerCodecBuilder()
                            .sslContext(QuicSslContextBuilder.forServer(
                                            key.key().toFile(),
                                            null,
                                            key.certificates().toFile())
                                    .applicationProtocols(Http3.supportedApplicationProtocols())
                                    .build())
                            .maxIdleTimeout(60, TimeUnit.SECONDS)
                            .initialMaxData(1 << 20)
                            .initialMaxStreamDataBidirectionalRemote(1 << 16)
                            .initialMaxStreamsBidirectional(8)
                            .handler(new ChannelInitializer<QuicChannel>() {
                                @Override
                                protected void initChannel(QuicChannel connection) {
                                    connection.pipeline().addLast(codec(announces));
                                }
                            })
                            .build())
                    .bind("127.0.0.1", 0)
                    .sync()
                    .channel();
            int port = ((InetSocketAddress) server.localAddress()).getPort();
            URI uri = URI.create("wss://127.0.0.1:" + port + "/");
            return new FuzzingClient(uri, SHORT_TIMEOUTS, new NettyQuic(), TenonHttp3Test.trusting(key))
                    .run(Selection.of(cases), "lax", (id, verdict, played, all) -> {})
                    .red();
        } finally {
            loops.shutdownGracefully(0, 0, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }

    private static Http3ServerConnectionHandler codec(boolean announces) {
        Http3Settings settings = Http3Settings.defaultSettings();
        ChannelInitializer<Channel> streams = new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel stream) {
                stream.pipeline().addLast(new Lax());
            }
        };
        return new Http3ServerConnectionHandler(
                streams,
                null,
                null,
                new DefaultHttp3SettingsFrame(announces ? settings.enableConnectProtocol(true) : settings),
                true);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the suite sees the result of a write
    private static final class Lax extends ChannelInboundHandlerAdapter {
        private boolean open;

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof Http3HeadersFrame && !open) {
                open = true;
                context.writeAndFlush(new DefaultHttp3HeadersFrame(new DefaultHttp3Headers().status("200")));
            }
            ReferenceCountUtil.release(message);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
