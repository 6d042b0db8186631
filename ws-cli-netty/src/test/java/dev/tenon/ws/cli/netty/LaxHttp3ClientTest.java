package dev.tenon.ws.cli.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.keys.TestKey;
import dev.tenon.ws.suite.Selection;
import dev.tenon.ws.suite.Settings;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.http3.DefaultHttp3DataFrame;
import io.netty.handler.codec.http3.DefaultHttp3Headers;
import io.netty.handler.codec.http3.DefaultHttp3HeadersFrame;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.http3.Http3ClientConnectionHandler;
import io.netty.handler.codec.http3.Http3DataFrame;
import io.netty.handler.codec.http3.Http3Headers;
import io.netty.handler.codec.http3.Http3HeadersFrame;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client of HTTP/3 that takes every response, and asks as clients of HTTP/1.1 do, fails the cases about that. */
@Tag("once")
class LaxHttp3ClientTest {
    private static final Settings SHORT_TIMEOUTS =
            Settings.DEFAULT.withTimeouts(Duration.ofMillis(50), Duration.ofSeconds(1));

    @Test
    void aClientThatAcceptsEveryResponseIsDetected(@TempDir Path folder) throws Exception {
        List<String> red = play(folder, true, "25.2", "25.4", "24.1.3", "24.5.1");
        long taken = red.stream()
                .filter(line -> line.contains("the client takes it, and sends"))
                .count();
        assertEquals(14, taken, () -> String.join("\n", red));
        assertTrue(red.stream().anyMatch(line -> line.startsWith("24.1.3 failed: ")), () -> String.join("\n", red));
        assertTrue(red.stream().anyMatch(line -> line.startsWith("24.5.1 non-strict: ")), () -> String.join("\n", red));
    }

    @Test
    void aRequestWithFieldsOfHttp1IsDetected(@TempDir Path folder) throws Exception {
        List<String> red = play(folder, false, "1.1.1", "25.1.1", "24.1.1");
        assertEquals(3, red.size(), () -> String.join("\n", red));
        red.forEach(line -> assertTrue(line.contains("the request has sec-websocket-version [12]"), line));
    }

    private static List<String> play(Path folder, boolean valid, String... cases) throws Exception {
        TestKey key = TestKey.make(folder, "localhost");
        MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try {
            return ClientRun.play(
                            key,
                            SHORT_TIMEOUTS,
                            Selection.of(cases),
                            folder,
                            uri -> connect(loops, URI.create(uri), valid || !uri.contains("/run")))
                    .red();
        } finally {
            loops.shutdownGracefully(0, 0, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }

    /** Opens a stream, and sends a message whatever the response is. Returns the first text. */
    private static String connect(MultiThreadIoEventLoopGroup loops, URI uri, boolean valid) throws Exception {
        Channel udp = new Bootstrap()
                .group(loops)
                .channel(NioDatagramChannel.class)
                .handler(Http3.newQuicClientCodecBuilder()
                        .sslContext(QuicSslContextBuilder.forClient()
                                .trustManager(io.netty.handler.ssl.util.InsecureTrustManagerFactory.INSTANCE)
                                .endpointIdentificationAlgorithm("")
                                .applicationProtocols(Http3.supportedApplicationProtocols())
                                .build())
                        .maxIdleTimeout(60, TimeUnit.SECONDS)
                        .initialMaxData(1 << 20)
                        .initialMaxStreamDataBidirectionalLocal(1 << 16)
                        .build())
                .bind(0)
                .sync()
                .channel();
        try {
            QuicChannel connection = QuicChannel.newBootstrap(udp)
                    .handler(new Http3ClientConnectionHandler())
                    .remoteAddress(new InetSocketAddress(uri.getHost(), uri.getPort()))
                    .connect()
                    .get(30, TimeUnit.SECONDS);
            Lax lax = new Lax();
            Channel stream = Http3.newRequestStream(connection, lax).get(30, TimeUnit.SECONDS);
            stream.writeAndFlush(new DefaultHttp3HeadersFrame(request(uri, valid)))
                    .sync();
            stream.closeFuture().await(30, TimeUnit.SECONDS);
            connection.close().await(30, TimeUnit.SECONDS);
            return lax.text();
        } finally {
            udp.close().sync();
        }
    }

    private static Http3Headers request(URI uri, boolean valid) {
        Http3Headers head = new DefaultHttp3Headers(false)
                .method("CONNECT")
                .scheme("https")
                .authority(uri.getAuthority())
                .path(uri.getPath() + (uri.getQuery() == null ? "" : "?" + uri.getQuery()));
        head.add(Http3Headers.PseudoHeaderName.PROTOCOL.value(), "websocket");
        head.add("sec-websocket-version", valid ? "13" : "12");
        return head;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the suite sees the result of a write
    private static final class Lax extends ChannelInboundHandlerAdapter {
        private static final byte[] HELLO = ByteBufUtil.decodeHexDump(
                "8185" + "00000000" + ByteBufUtil.hexDump("Hello".getBytes(StandardCharsets.UTF_8)));

        private final ByteArrayOutputStream received = new ByteArrayOutputStream();

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
            if (message instanceof Http3HeadersFrame) {
                context.writeAndFlush(new DefaultHttp3DataFrame(Unpooled.wrappedBuffer(HELLO)));
            } else if (message instanceof Http3DataFrame data) {
                ByteBuf content = data.content();
                synchronized (received) {
                    content.getBytes(content.readerIndex(), received, content.readableBytes());
                }
            }
            ReferenceCountUtil.release(message);
        }

        /** The payload of the first frame, which is not masked and shorter than 126 bytes. */
        String text() {
            byte[] all;
            synchronized (received) {
                all = received.toByteArray();
            }
            return all.length < 2 ? "" : new String(all, 2, all[1], StandardCharsets.UTF_8);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
