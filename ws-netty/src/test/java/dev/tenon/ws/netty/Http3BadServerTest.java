package dev.tenon.ws.netty;

import dev.tenon.ws.handshake.HttpVersion;
import io.netty.handler.codec.http3.DefaultHttp3Headers;
import io.netty.handler.codec.http3.Http3ErrorCode;
import io.netty.handler.codec.http3.Http3Headers;
import io.netty.handler.codec.http3.Http3Settings;
import io.netty.handler.codec.quic.QuicStreamChannel;

/** Servers of HTTP/3 that break RFC 9220, or leave at any place. */
// The test sees the received frames, whatever the result of a write is. The peer is set by listen.
@SuppressWarnings({"FutureReturnValueIgnored", "NullAway.Init"})
class Http3BadServerTest extends BadServerContract<QuicStreamChannel> {
    private Http3Peer peer;

    @Override
    void listen(boolean announcing) throws Exception {
        Http3Settings settings = Http3Settings.defaultSettings();
        peer = new Http3Peer(announcing ? settings.enableConnectProtocol(true) : settings);
    }

    @Override
    void stopListening() {
        peer.close();
    }

    @Override
    HttpVersion version() {
        return HttpVersion.HTTP_3;
    }

    @Override
    String uri() {
        return "wss://127.0.0.1:" + peer.port() + "/";
    }

    @Override
    QuicStreamChannel next() throws Exception {
        return peer.nextStream();
    }

    @Override
    void head(QuicStreamChannel stream, boolean last, String... fields) {
        Http3Headers head = new DefaultHttp3Headers(false);
        for (int i = 0; i < fields.length; i += 2) {
            head.add(fields[i], fields[i + 1]);
        }
        peer.headers(stream, head);
        if (last) {
            stream.shutdownOutput();
        }
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
    void reset(QuicStreamChannel stream) {
        stream.shutdown(Http3ErrorCode.H3_REQUEST_CANCELLED.code(), stream.newPromise());
    }

    @Override
    void leave() {
        peer.leave();
    }

    @Override
    String event() throws Exception {
        return peer.next();
    }
}
