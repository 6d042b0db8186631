package dev.tenon.ws.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.HttpVersion;
import io.netty.handler.codec.http3.DefaultHttp3Headers;
import io.netty.handler.codec.http3.Http3ErrorCode;
import io.netty.handler.codec.http3.Http3Headers;
import io.netty.handler.codec.http3.Http3Settings;
import io.netty.handler.codec.quic.QuicStreamChannel;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    @Test
    void anOrderlyEndClosesTheConnectionWithoutAnError() throws Exception {
        QuicStreamChannel stream = accept();
        data(stream, CLOSE);
        assertTrue(event().startsWith("DATA 8882"), "a Close frame");
        end(stream);
        assertTrue(listener.end().wasClean());
        assertEquals("H3_NO_ERROR", peer.closeCode());
    }

    @Test
    void aRefusalClosesTheConnectionWithoutAnError() throws Exception {
        CompletableFuture<WebSocket> connecting = connect();
        head(next(), true, ":status", "403");
        assertInstanceOf(HandshakeException.class, failure(connecting));
        assertEquals("H3_NO_ERROR", peer.closeCode());
    }

    /** SETTINGS, MAX_PUSH_ID and CANCEL_PUSH (RFC 9114 §7.2), which do not belong on the stream of a request. */
    @ParameterizedTest
    @ValueSource(strings = {"0400", "0d0100", "030100"})
    void aForbiddenFrameClosesTheConnectionWithItsError(String hex) throws Exception {
        peer.raw(accept(), hex);
        assertEquals("H3_FRAME_UNEXPECTED", peer.closeCode());
        assertEquals(CloseCode.ABNORMAL_CLOSURE, listener.end().code());
    }

    @Test
    void aBrokenControlStreamEndsTheWebSocketAndIsNotLogged() throws Exception {
        try (PipelineLog log = new PipelineLog()) {
            accept();
            peer.control("0400"); // RFC 9114 §7.2.4: SETTINGS twice
            assertEquals("H3_FRAME_UNEXPECTED", peer.closeCode());
            assertEquals(CloseCode.ABNORMAL_CLOSURE, listener.end().code());
            assertEquals(List.of(), log.records());
        }
    }

    @Test
    void aBrokenControlStreamFailsTheConnectWithItsReason() throws Exception {
        CompletableFuture<WebSocket> connecting = connect();
        next();
        peer.control("0400");
        String reason = String.valueOf(failure(connecting).getMessage());
        assertTrue(reason.startsWith("the server breaks the rules of HTTP/3: "), reason);
    }
}
