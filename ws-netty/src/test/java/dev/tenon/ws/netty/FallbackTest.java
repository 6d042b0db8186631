package dev.tenon.ws.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tenon.ws.handshake.HttpVersion;
import dev.tenon.ws.server.HostedRoutes;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client meets a server that speaks HTTP/2, but has its WebSockets in HTTP/1.1. */
class FallbackTest {
    private final RecordingListener listener = new RecordingListener();
    private final CompletableFuture<HttpVersion> version = new CompletableFuture<>();
    private final HostedRoutes routes = HostedRoutes.builder()
            .route("/", upgrade -> {
                version.complete(upgrade.request().version());
                return upgrade.accept(listener);
            })
            .build();

    /** It announces no extended CONNECT, or it does, and requires HTTP/1.1 for the request (RFC 9113 §7). */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void itConnectsByHttp1(boolean announces) throws Exception {
        SslContext tls = tls();
        try (ForeignServer server = new ForeignServer(connection ->
                        connection.addLast(tls.newHandler(connection.channel().alloc()), new Negotiation(announces)));
                NettyClient client = NettyClient.builder()
                        .trust(ServerAndClient.certificate())
                        .build()) {
            client.connect("wss://127.0.0.1:" + server.port() + "/", new RecordingListener())
                    .get(60, TimeUnit.SECONDS)
                    .sendText("hello");
            assertEquals("hello", listener.text.get(60, TimeUnit.SECONDS));
            assertEquals(HttpVersion.HTTP_1_1, version.get(60, TimeUnit.SECONDS));
        }
    }

    private static SslContext tls() throws Exception {
        return SslContextBuilder.forServer(
                        ServerAndClient.certificate().toFile(),
                        ServerAndClient.key().toFile())
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        ApplicationProtocolNames.HTTP_2,
                        ApplicationProtocolNames.HTTP_1_1))
                .build();
    }

    private final class Negotiation extends ApplicationProtocolNegotiationHandler {
        private final boolean announces;

        Negotiation(boolean announces) {
            super(ApplicationProtocolNames.HTTP_1_1);
            this.announces = announces;
        }

        @Override
        protected void configurePipeline(ChannelHandlerContext context, String protocol) {
            if (!protocol.equals(ApplicationProtocolNames.HTTP_2)) {
                context.pipeline().addLast(new HttpServerCodec(), new WebSocketHandler(routes));
                return;
            }
            context.pipeline()
                    .addLast(
                            Http2FrameCodecBuilder.forServer()
                                    .initialSettings(
                                            Http2Settings.defaultSettings().connectProtocolEnabled(announces))
                                    .build(),
                            new Http2MultiplexHandler(new ChannelInitializer<Channel>() {
                                @Override
                                protected void initChannel(Channel stream) {
                                    stream.pipeline().addLast(new Refusal());
                                }
                            }));
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the client sees the outcome of a write
    private static final class Refusal extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof Http2HeadersFrame) {
                context.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.HTTP_1_1_REQUIRED));
            }
            ReferenceCountUtil.release(message);
        }
    }
}
