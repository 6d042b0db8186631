package dev.tenon.ws.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.frame.CloseCode;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http3.DefaultHttp3Headers;
import io.netty.handler.codec.http3.DefaultHttp3UnknownFrame;
import io.netty.handler.codec.http3.Http3ErrorCode;
import io.netty.handler.codec.http3.Http3Headers;
import io.netty.handler.codec.quic.QuicStreamChannel;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients of HTTP/3 that break RFC 9220, or leave at any place. */
@SuppressWarnings("FutureReturnValueIgnored") // the test sees the received frames, whatever the result of a write is
class Http3BadPeerTest extends BadStreamContract<QuicStreamChannel> {
    private Http3Peer peer;

    @Override
    NettyServerBuilder configured() throws IOException {
        return super.configured().tls(ServerAndClient.certificate(), ServerAndClient.key());
    }

    @BeforeEach
    void connect() throws Exception {
        peer = new Http3Peer(server.port());
    }

    @AfterEach
    void disconnect() {
        peer.close();
    }

    @Override
    QuicStreamChannel ask(String path, String name, String value) throws Exception {
        Http3Headers request = Http3Peer.connect(path);
        request.set(name, value);
        return peer.open(request);
    }

    @Override
    void data(QuicStreamChannel stream, String hex) {
        peer.data(stream, hex);
    }

    @Override
    void end(QuicStreamChannel stream) {
        stream.shutdownOutput();
    }

    @Override
    void sendFields(QuicStreamChannel stream) {
        Http3Headers trailers = new DefaultHttp3Headers(false);
        trailers.add("x-more", "no");
        peer.headers(stream, trailers);
    }

    @Override
    void sendUnknownFrame(QuicStreamChannel stream) {
        stream.writeAndFlush(
                new DefaultHttp3UnknownFrame(0x40, Unpooled.wrappedBuffer(new byte[2]))); // RFC 9114 §7.2.8
    }

    @Override
    void reset(QuicStreamChannel stream) {
        stream.shutdown(Http3ErrorCode.H3_REQUEST_CANCELLED.code(), stream.newPromise());
    }

    @Override
    String next() throws Exception {
        return peer.next();
    }

    @Override
    void leave() {
        peer.leave();
    }

    @Override
    void expectLifeAfterRefusal() throws Exception {
        expectLife();
    }

    @Test
    void aSecondRequestOnTheStreamResetsIt() throws Exception {
        QuicStreamChannel stream = open();
        peer.headers(stream, Http3Peer.connect("/"));
        assertTrue(next().startsWith("RESET"));
        assertEquals(CloseCode.ABNORMAL_CLOSURE, listener.end().code());
        expectLife();
    }

    /** RFC 9114 §4.4: a CONNECT without :protocol asks for a tunnel of TCP. */
    @Test
    void aTunnelIsNotImplemented() throws Exception {
        Http3Headers request = new DefaultHttp3Headers(false);
        request.method("CONNECT").authority("elsewhere.example:443");
        peer.open(request);
        assertEquals("HEADERS 501", next());
    }
}
