package dev.tenon.ws.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.server.HostedRoutesBuilder;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http3.DefaultHttp3Headers;
import io.netty.handler.codec.http3.Http3Headers;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Plain requests in streams of HTTP/2 and HTTP/3 whose client does not end them. */
@SuppressWarnings("FutureReturnValueIgnored") // the test sees the received frames, whatever the result of a write is
class PlainStreamTest extends BadPeerContract {
    @Override
    NettyServerBuilder configured() throws IOException {
        return super.configured()
                .tls(ServerAndClient.certificate(), ServerAndClient.key())
                .requestTimeout(Duration.ofMillis(300));
    }

    @Override
    void addRoutes(HostedRoutesBuilder routes) {
        routes.get("/plain", request -> HttpResponse.text(200, ""))
                .post(
                        "/length",
                        request -> HttpResponse.text(
                                200, String.valueOf(request.body().remaining())));
    }

    private Http2Peer http2() throws Exception {
        server.stop(Duration.ZERO);
        server = start(NettyServer.builder().loops(1).requestTimeout(Duration.ofMillis(300)));
        return new Http2Peer(server.port()).expectAnnouncement();
    }

    private static Http2Headers http2(String method, String path) {
        return new DefaultHttp2Headers()
                .method(method)
                .path(path)
                .scheme("http")
                .authority("127.0.0.1");
    }

    private static Http3Headers http3(String method, String path) {
        return new DefaultHttp3Headers()
                .method(method)
                .path(path)
                .scheme("https")
                .authority("127.0.0.1");
    }

    @Test
    void aRequestOfHttp2WithoutEndIsReset() throws Exception {
        try (Http2Peer peer = http2()) {
            Http2FrameStream stream = peer.open(http2("POST", "/length"), false);
            peer.data(stream, "00", false);
            assertEquals("RST_STREAM CANCEL", peer.next());
            Http2FrameStream whole = peer.open(http2("POST", "/length"), false);
            peer.data(whole, "00", true);
            assertEquals("HEADERS 200", peer.next());
            assertEquals("DATA 31 END_STREAM", peer.next());
        }
    }

    /** RFC 9113 §8.1: the rest of the request is not needed. */
    @Test
    void aBodyOfHttp2ThatIsTooLongIsRefusedBeforeItIsRead() throws Exception {
        try (Http2Peer peer = http2()) {
            Http2Headers request = http2("GET", "/plain");
            request.set("content-length", "100");
            peer.open(request, false);
            assertEquals("HEADERS 413", peer.next());
            assertTrue(peer.next().endsWith(" END_STREAM"));
            assertEquals("RST_STREAM NO_ERROR", peer.next());
        }
    }

    @Test
    void aHeadOfHttp2ThatIsTooLongIsRefused() throws Exception {
        try (Http2Peer peer = http2()) {
            Http2Headers request = http2("GET", "/plain");
            request.set("cookie", "x".repeat(15_000));
            peer.open(request, true);
            assertEquals("HEADERS 431", peer.next());
        }
    }

    /** Netty resets no stream on close whose last frame is written, although the client's window holds it back. */
    @Test
    void aResponseOfHttp2ThatTheClientDoesNotTakeIsReset() throws Exception {
        ChannelHandler responder = new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object request) {
                Http2Headers head = new DefaultHttp2Headers().status("200");
                context.write(new DefaultHttp2HeadersFrame(head, false));
                context.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(new byte[1]), true));
                ExchangeEnd.cancel(context.channel());
            }
        };
        try (ForeignServer stalled =
                        new ForeignServer(pipeline -> ExtendedConnect.addHttp2(pipeline, () -> responder));
                Http2Peer peer = new Http2Peer(stalled.port()).expectAnnouncement()) {
            peer.frame(4, 0, 0, "0004" + "00000000");
            peer.open(http2("GET", "/"), true);
            assertEquals("HEADERS 200", peer.next());
            assertEquals("RST_STREAM CANCEL", peer.next());
        }
    }

    @Test
    void aRequestOfHttp3WithoutEndIsReset() throws Exception {
        try (Http3Peer peer = new Http3Peer(server.port())) {
            peer.open(http3("POST", "/length"));
            assertEquals("RESET H3_REQUEST_CANCELLED", peer.next());
        }
    }

    @Test
    void aStreamOfHttp3WithoutRequestIsReset() throws Exception {
        try (Http3Peer peer = new Http3Peer(server.port())) {
            peer.openRaw();
            assertEquals("RESET H3_REQUEST_CANCELLED", peer.next());
        }
    }

    @Test
    void aBodyOfHttp3ThatIsTooLongIsRefusedBeforeItIsRead() throws Exception {
        try (Http3Peer peer = new Http3Peer(server.port())) {
            Http3Headers request = http3("GET", "/plain");
            request.set("content-length", "100");
            peer.open(request);
            assertEquals("HEADERS 413", peer.next());
            assertTrue(peer.next().startsWith("DATA "));
            assertEquals("END", peer.next());
        }
    }
}
