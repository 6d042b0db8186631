package dev.tenon.ws.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.server.HostedRoutes;
import dev.tenon.ws.server.HostedRoutesBuilder;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients of HTTP/2 that break RFC 8441, or leave at any place. */
class Http2BadPeerTest extends BadStreamContract<Http2FrameStream> {
    private final Queue<String> more = new ArrayDeque<>();
    private final RecordingListener stalled = new RecordingListener(0);
    private Http2Peer peer;

    @Override
    void addRoutes(HostedRoutesBuilder routes) {
        routes.route("/stalled", upgrade -> upgrade.accept(stalled));
        routes.route(
                "/slow",
                upgrade -> upgrade.accept(listener),
                route -> route.options(options -> options.withCloseTimeout(Duration.ofMinutes(1))));
    }

    @BeforeEach
    void connect() throws Exception {
        peer = new Http2Peer(server.port()).expectAnnouncement();
    }

    @AfterEach
    void disconnect() {
        peer.close();
    }

    @Override
    Http2FrameStream ask(String path, String name, String value) throws Exception {
        Http2Headers request = Http2Peer.connect(path);
        request.set(name, value);
        return peer.open(request, false);
    }

    @Override
    void askLast(String path) throws Exception {
        peer.open(Http2Peer.connect(path), true);
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
    void sendFields(Http2FrameStream stream) {
        Http2Headers trailers = new DefaultHttp2Headers(false);
        trailers.add("x-more", "no");
        peer.headers(stream, trailers, true);
    }

    @Override
    void sendUnknownFrame(Http2FrameStream stream) {
        peer.frame(0xbb, 0xff, stream, "abcd");
    }

    @Override
    void reset(Http2FrameStream stream) {
        peer.reset(stream, Http2Error.CANCEL);
    }

    @Override
    String next() throws Exception {
        String event = more.isEmpty() ? peer.next() : more.remove();
        if (!event.endsWith(" END_STREAM")) {
            return event.replace("RST_STREAM", "RESET");
        }
        String rest = event.replace(" END_STREAM", "");
        if (rest.equals("DATA ")) {
            return "END";
        }
        more.add("END");
        return rest;
    }

    /** RFC 9113 §7: the stream is no longer needed. */
    @Override
    void expectReset() throws Exception {
        assertEquals("RESET CANCEL", next());
    }

    /** RFC 9113 §8.5: a stream error. */
    @Override
    void expectRefusedFields() throws Exception {
        assertTrue(next().startsWith("RESET"));
        expectLife();
    }

    @Override
    void leave() {
        peer.leave();
    }

    @Override
    void expectLifeAfterRefusal() throws Exception {
        assertEquals("RESET NO_ERROR", next()); // RFC 9113 §8.1: the rest of the request is not needed
        expectLife();
    }

    @Test
    void aProtocolThatWasNotAnnouncedIsAMalformedRequest() throws Exception {
        HostedRoutes routes = HostedRoutes.builder()
                .route("/", upgrade -> upgrade.accept(listener))
                .build();
        ChannelHandler streams = new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel stream) {
                stream.pipeline().addLast(new WebSocketHandler(routes));
            }
        };
        try (ForeignServer silent = new ForeignServer(connection -> connection.addLast(
                        Http2FrameCodecBuilder.forServer()
                                .initialSettings(Http2Settings.defaultSettings())
                                .build(),
                        new Http2MultiplexHandler(streams)));
                Http2Peer early = new Http2Peer(silent.port())) {
            assertEquals("SETTINGS null", early.next());
            early.open(Http2Peer.connect("/"), false);
            assertEquals("RST_STREAM PROTOCOL_ERROR", early.next());
        }
        assertFalse(listener.opened.isDone());
    }

    @Test
    void aSecondRequestOnTheStreamResetsIt() throws Exception {
        Http2FrameStream stream = open();
        peer.frame(1, 4, stream, "828684"); // GET http /, in HPACK
        assertEquals("RESET PROTOCOL_ERROR", next());
        assertEquals(CloseCode.ABNORMAL_CLOSURE, listener.end().code());
        expectLife();
    }

    @ParameterizedTest
    @ValueSource(strings = {"CANCEL", "INTERNAL_ERROR", "NO_ERROR"})
    void aResetIsReportedWithItsErrorCode(String error) throws Exception {
        Http2FrameStream stream = open();
        peer.reset(stream, Http2Error.valueOf(error));
        assertEquals(
                "the peer has reset the stream: " + error,
                Objects.requireNonNull(listener.end().cause()).getMessage());
    }

    @Test
    void aConnectThatEndsItsStreamAtOnceIsAcceptedAndOver() throws Exception {
        askLast("/");
        assertEquals("HEADERS 200", next());
        assertEquals(CloseCode.ABNORMAL_CLOSURE, listener.end().code());
    }

    /** A listener that requests nothing gives no window back; a client that sends beyond it breaks RFC 9113 §6.9.1. */
    @Test
    void moreThanTheWindowIsAnError() throws Exception {
        Http2FrameStream stream = ask("/stalled");
        assertEquals("HEADERS 200", next());
        int frame = 16 * 1024;
        String begin = "82ff" + "%016x".formatted(1 << 20) + "00000000";
        peer.frame(0, 0, stream, begin + "00".repeat(frame - begin.length() / 2));
        for (int sent = frame; sent <= 10 * ExtendedConnect.STREAM_WINDOW; sent += frame) { // some of it is read ahead
            peer.frame(0, 0, stream, "00".repeat(frame));
        }
        assertEquals("RESET FLOW_CONTROL_ERROR", next());
        assertEquals(0, stalled.bytes.get());
        expectLife();
    }

    /** Otherwise a client could fill the logs. */
    @Test
    void anErrorOfTheConnectionIsNotLogged() throws Exception {
        try (PipelineLog log = new PipelineLog()) {
            peer.frame(6, 0, open(), "00".repeat(8)); // RFC 9113 §6.7: a PING belongs to no stream
            assertTrue(next().startsWith("GOAWAY"));
            assertEquals("CLOSED", next());
            assertEquals(CloseCode.ABNORMAL_CLOSURE, listener.end().code());
            assertEquals(List.of(), log.records());
        }
    }

    @Test
    void dataAfterTheEndOfTheStreamIsIgnored() throws Exception {
        Http2FrameStream stream = open();
        end(stream);
        peer.frame(0, 0, stream, HI);
        assertEquals(CloseCode.ABNORMAL_CLOSURE, listener.end().code());
        assertFalse(listener.text.isDone());
    }

    /** RFC 9113 §6.1: padding counts too, so a window that is returned without it shrinks until the client stops. */
    @Test
    void paddingIsReturnedToTheWindow() throws Exception {
        Http2FrameStream stream = open();
        for (int message = 0; message < 6; message++) { // with padding, more than twice the window
            data(stream, "82e4" + "00000000");
            for (int i = 0; i < 100; i++) {
                peer.frame(0, 8, stream, "fe" + "00" + "00".repeat(254));
            }
            data(stream, "8980" + "00000000");
            assertEquals("DATA 8a00", next());
        }
        data(stream, CLOSE);
        assertEquals("DATA " + CLOSE_BACK, next());
        assertEquals(600, listener.bytes.get());
    }

    /** RFC 9113 §6.9.2: a client may take window back that it has already given. */
    @Test
    void aWindowThatShrinksStopsTheServer() throws Exception {
        Http2FrameStream stream = open();
        data(stream, HI);
        assertEquals("DATA " + HI_BACK, next());
        peer.frame(4, 0, 0, "0004" + "00000000"); // the window is four bytes below zero
        data(stream, HI);
        peer.frame(8, 0, stream, "%08x".formatted(5));
        assertEquals("DATA 81", next());
        peer.frame(8, 0, stream, "%08x".formatted(100));
        assertEquals("DATA 026869", next());
    }

    /** A stream has five seconds for its end, which begin when its last bytes have left. */
    @Test
    void aSlowReaderGetsAllBytesBeforeTheStreamCloses() throws Exception {
        Http2FrameStream stream = ask("/slow");
        assertEquals("HEADERS 200", next());
        data(stream, HI);
        assertEquals("DATA " + HI_BACK, next());
        peer.frame(4, 0, 0, "0004" + "00000000");
        data(stream, HI + CLOSE);
        assertTrue(peer.isSilentFor(6));
        peer.frame(8, 0, stream, "%08x".formatted(100));
        assertEquals("DATA " + HI_BACK + CLOSE_BACK, next());
        assertEquals("END", next());
    }
}
