package dev.tenon.ws.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.server.HostedRoutes;
import dev.tenon.ws.server.UpgradeResponse;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients of HTTP/2 that break RFC 8441, or leave at any place. */
class Http2BadPeerTest {
    /** The text frame "hi", masked with zeros, and the server's frame with the same text. */
    private static final String HI = "8182" + "00000000" + "6869";

    private static final String HI_BACK = "81026869";

    private final RecordingListener listener = new RecordingListener();
    private final CompletableFuture<UpgradeResponse> never = new CompletableFuture<>();
    private final CompletableFuture<Void> cancelled = new CompletableFuture<>();
    private NettyServer server;
    private Http2Peer peer;

    @BeforeAll
    static void watchBuffers() {
        Leaks.watch();
    }

    @AfterAll
    static void noBufferIsLost() {
        Leaks.expectNone();
    }

    @BeforeEach
    void start() throws Exception {
        server = NettyServer.builder()
                .loops(1)
                .routes(routes -> routes.extensions(Extensions.none())
                        .route("/", upgrade -> upgrade.accept(listener))
                        .route("/late", upgrade -> {
                            upgrade.whenCancelled().thenRun(() -> cancelled.complete(null));
                            return never;
                        }))
                .start();
        peer = new Http2Peer(server.port()).expectAnnouncement();
    }

    @AfterEach
    void stop() {
        peer.close();
        server.stop(Duration.ZERO);
    }

    private Http2FrameStream open() throws InterruptedException {
        Http2FrameStream stream = peer.open(Http2Peer.connect("/"), false);
        assertEquals("HEADERS 200", peer.next());
        return stream;
    }

    /** Checks that the connection still serves other streams. */
    private void expectLife() throws InterruptedException {
        Http2FrameStream stream = peer.open(Http2Peer.connect("/"), false);
        assertEquals("HEADERS 200", peer.next());
        peer.data(stream, HI, false);
        assertEquals("DATA " + HI_BACK, peer.next());
    }

    @Test
    void aGoodPeerIsEchoedAndToldOfTheEnd() throws Exception {
        Http2FrameStream stream = open();
        peer.data(stream, HI, false);
        assertEquals("DATA " + HI_BACK, peer.next());
        peer.data(stream, "8882" + "00000000" + "03e8", true);
        assertEquals("DATA 880203e8 END_STREAM", peer.next());
        assertTrue(listener.end().wasClean());
    }

    @Test
    void anotherProtocolIsNotImplemented() throws Exception {
        Http2Headers request = Http2Peer.connect("/");
        request.set(":protocol", "connect-udp");
        peer.open(request, false);
        assertEquals("HEADERS 501", peer.next());
        assertTrue(peer.next().startsWith("DATA "));
        assertEquals("RST_STREAM NO_ERROR", peer.next());
        expectLife();
    }

    @Test
    void aPathWithoutARouteIsNotFound() throws Exception {
        peer.open(Http2Peer.connect("/nowhere"), false);
        assertEquals("HEADERS 404", peer.next());
    }

    @Test
    void anotherVersionOfWebSocketIsRefused() throws Exception {
        Http2Headers request = Http2Peer.connect("/");
        request.set("sec-websocket-version", "8");
        peer.open(request, false);
        assertEquals("HEADERS 426", peer.next());
    }

    @Test
    void aProtocolThatWasNotAnnouncedIsAMalformedRequest() throws Exception {
        HostedRoutes routes = HostedRoutes.builder()
                .route("/", upgrade -> upgrade.accept(listener))
                .build();
        MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try {
            Channel silent = new ServerBootstrap()
                    .group(loops)
                    .channel(NioServerSocketChannel.class)
                    .childHandler(new ChannelInitializer<Channel>() {
                        @Override
                        protected void initChannel(Channel connection) {
                            connection
                                    .pipeline()
                                    .addLast(
                                            Http2FrameCodecBuilder.forServer()
                                                    .initialSettings(Http2Settings.defaultSettings())
                                                    .build(),
                                            new Http2MultiplexHandler(new ChannelInitializer<Channel>() {
                                                @Override
                                                protected void initChannel(Channel stream) {
                                                    stream.pipeline().addLast(new WebSocketHandler(routes));
                                                }
                                            }));
                        }
                    })
                    .bind("127.0.0.1", 0)
                    .sync()
                    .channel();
            try (Http2Peer early = new Http2Peer(((InetSocketAddress) silent.localAddress()).getPort())) {
                assertEquals("SETTINGS null", early.next());
                early.open(Http2Peer.connect("/"), false);
                assertEquals("RST_STREAM PROTOCOL_ERROR", early.next());
            }
        } finally {
            loops.shutdownGracefully(0, 0, TimeUnit.SECONDS).awaitUninterruptibly();
        }
        assertFalse(listener.opened.isDone());
    }

    @Test
    void aSecondRequestOnTheStreamResetsIt() throws Exception {
        Http2FrameStream stream = open();
        peer.frame(1, 4, stream, "828684"); // GET http /, in HPACK
        assertEquals("RST_STREAM PROTOCOL_ERROR", peer.next());
        assertEquals(CloseCode.ABNORMAL_CLOSURE, listener.end().code());
        expectLife();
    }

    @Test
    void trailersResetTheStream() throws Exception {
        Http2FrameStream stream = open();
        Http2Headers trailers = new DefaultHttp2Headers(false);
        trailers.add("x-more", "no");
        peer.headers(stream, trailers, true);
        assertTrue(peer.next().startsWith("RST_STREAM "));
        assertEquals(CloseCode.ABNORMAL_CLOSURE, listener.end().code());
    }

    @ParameterizedTest
    @ValueSource(strings = {"CANCEL", "INTERNAL_ERROR", "NO_ERROR"})
    void aResetIsToldAsWhatItIs(String error) throws Exception {
        Http2FrameStream stream = open();
        peer.data(stream, HI.substring(0, 6), false); // in the middle of a frame
        peer.reset(stream, Http2Error.valueOf(error));
        CloseEvent end = listener.end();
        assertEquals(CloseCode.ABNORMAL_CLOSURE, end.code());
        assertEquals(
                "the peer has reset the stream: " + error,
                Objects.requireNonNull(end.cause()).getMessage());
        expectLife();
    }

    @Test
    void theEndOfTheStreamWithoutACloseFrameIsNoReset() throws Exception {
        Http2FrameStream stream = open();
        peer.data(stream, "", true);
        CloseEvent end = listener.end();
        assertEquals(CloseCode.ABNORMAL_CLOSURE, end.code());
        assertFalse(String.valueOf(end.cause()).contains("reset"), () -> "told " + end);
        assertEquals("DATA  END_STREAM", peer.next());
    }

    @Test
    void aConnectThatEndsItsStreamAtOnceIsAcceptedAndOver() throws Exception {
        peer.open(Http2Peer.connect("/"), true);
        assertEquals("HEADERS 200", peer.next());
        assertEquals(CloseCode.ABNORMAL_CLOSURE, listener.end().code());
    }

    @Test
    void dataBehindTheEndOfTheStreamIsNotHeard() throws Exception {
        Http2FrameStream stream = open();
        peer.data(stream, "", true);
        peer.frame(0, 0, stream, HI);
        assertEquals(CloseCode.ABNORMAL_CLOSURE, listener.end().code());
        assertFalse(listener.text.isDone());
        peer.close();
    }

    @Test
    void aResetBeforeTheDecisionCancelsTheExchange() throws Exception {
        Http2FrameStream stream = peer.open(Http2Peer.connect("/late"), false);
        peer.data(stream, HI, false);
        peer.reset(stream, Http2Error.CANCEL);
        cancelled.get(60, TimeUnit.SECONDS);
        expectLife();
    }

    @Test
    void theEndOfTheConnectionEndsItsWebSockets() throws Exception {
        open();
        peer.leave();
        assertEquals(CloseCode.ABNORMAL_CLOSURE, listener.end().code());
    }
}
