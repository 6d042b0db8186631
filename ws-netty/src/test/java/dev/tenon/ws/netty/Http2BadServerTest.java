package dev.tenon.ws.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.handshake.HttpVersion;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Servers of HTTP/2 that break RFC 8441, or leave at any place. */
@SuppressWarnings("NullAway.Init") // set by listen
class Http2BadServerTest extends BadServerContract<Http2FrameStream> {
    private Http2Peer peer;

    @Override
    void listen(boolean announcing) throws Exception {
        Http2Settings settings = Http2Settings.defaultSettings();
        peer = new Http2Peer(announcing ? settings.connectProtocolEnabled(true) : settings);
    }

    @Override
    void stopListening() {
        peer.close();
    }

    @Override
    HttpVersion version() {
        return HttpVersion.HTTP_2;
    }

    @Override
    String uri() {
        return "ws://127.0.0.1:" + peer.port() + "/";
    }

    @Override
    Http2FrameStream next() throws Exception {
        return peer.nextStream();
    }

    @Override
    void head(Http2FrameStream stream, boolean last, String... fields) {
        Http2Headers head = new DefaultHttp2Headers(false);
        for (int i = 0; i < fields.length; i += 2) {
            head.add(fields[i], fields[i + 1]);
        }
        peer.headers(stream, head, last);
    }

    @Override
    void data(Http2FrameStream stream, String hex) {
        peer.data(stream, hex, false);
    }

    @Override
    void end(Http2FrameStream stream) {
        peer.data(stream, "", true);
    }

    @Override
    void reset(Http2FrameStream stream) {
        peer.reset(stream, Http2Error.CANCEL);
    }

    @Override
    void leave() {
        peer.leave();
    }

    @Override
    String event() throws Exception {
        String event = peer.next();
        return event.startsWith("SETTINGS") ? event() : event.replace("RST_STREAM", "RESET");
    }

    @Test
    void dataAfterTheEndOfTheStreamIsIgnored() throws Exception {
        Http2FrameStream stream = accept();
        end(stream);
        peer.frame(0, 0, stream, HI);
        assertEquals(CloseCode.ABNORMAL_CLOSURE, listener.end().code());
        assertFalse(listener.text.isDone());
    }

    @Test
    void aGoAwayWithoutTheRequestFailsTheConnect() throws Exception {
        CompletableFuture<WebSocket> connecting = connect();
        next();
        peer.frame(7, 0, 0, "00000000" + "00000000");
        assertEquals(
                "the peer has ended the connection without having processed the stream: NO_ERROR",
                failure(connecting).getMessage());
    }

    @Test
    void aPushEndsTheConnection() throws Exception {
        Http2FrameStream stream = accept();
        peer.frame(5, 4, stream, "00000002" + "828684");
        assertEquals(CloseCode.ABNORMAL_CLOSURE, listener.end().code());
    }

    /** The test server of libwebsockets begins with a window of zero. */
    @Test
    void aWindowOfZeroDelaysWhatTheClientSends() throws Exception {
        listenWith(Http2Settings.defaultSettings().connectProtocolEnabled(true).initialWindowSize(0));
        Http2FrameStream stream = accept();
        data(stream, HI);
        assertEquals("hi", listener.text.get(60, TimeUnit.SECONDS));
        peer.settings(new Http2Settings().initialWindowSize(1));
        assertEquals("DATA 81", event());
        peer.settings(new Http2Settings().initialWindowSize(100));
        assertTrue(event().startsWith("DATA 82"), "the rest of the echo");
    }

    @Test
    void aServerThatAllowsNoStreamFailsTheConnect() throws Exception {
        listenWith(Http2Settings.defaultSettings().connectProtocolEnabled(true).maxConcurrentStreams(0));
        Throwable failure = failure(connect());
        assertTrue(String.valueOf(failure.getMessage()).contains("streams"), () -> "told " + failure);
    }

    private void listenWith(Http2Settings settings) throws Exception {
        peer.close();
        peer = new Http2Peer(settings);
    }
}
