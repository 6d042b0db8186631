package dev.tenon.ws.netty;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.frame.CloseCode;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http3.DefaultHttp3Headers;
import io.netty.handler.codec.http3.DefaultHttp3UnknownFrame;
import io.netty.handler.codec.http3.Http3ErrorCode;
import io.netty.handler.codec.http3.Http3Headers;
import io.netty.handler.codec.quic.QuicStreamChannel;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
    void askLast(String path) throws Exception {
        peer.openRaw(connectFrame(path), true);
    }

    /** The bytes of a HEADERS frame with an extended CONNECT. */
    static String connectFrame(String path) {
        StringBuilder block = new StringBuilder("0000");
        for (String field : List.of(
                ":method CONNECT",
                ":protocol websocket",
                ":scheme https",
                ":authority 127.0.0.1",
                ":path " + path,
                "sec-websocket-version 13")) {
            String[] words = field.split(" ", 2);
            String length = words[0].length() < 7 ? "2" + words[0].length() : "27%02x".formatted(words[0].length() - 7);
            block.append(length).append(ByteBufUtil.hexDump(words[0].getBytes(US_ASCII)));
            block.append("%02x".formatted(words[1].length())).append(ByteBufUtil.hexDump(words[1].getBytes(US_ASCII)));
        }
        return "01" + "40%02x".formatted(block.length() / 2) + block;
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

    @Override
    void expectReset() throws Exception {
        assertEquals("RESET H3_REQUEST_CANCELLED", next());
    }

    /** RFC 9114 §4.4: a connection error, which ends all streams. */
    @Override
    void expectRefusedFields() throws Exception {
        assertEquals("CLOSE H3_FRAME_UNEXPECTED", next());
    }

    @Test
    void aSecondRequestOnTheStreamEndsTheConnection() throws Exception {
        QuicStreamChannel stream = open();
        peer.headers(stream, Http3Peer.connect("/"));
        expectRefusedFields();
        assertEquals(CloseCode.ABNORMAL_CLOSURE, listener.end().code());
    }

    /** RFC 9114 §4.1.2: a malformed request is a stream error, not the regular end of a stream. */
    @ParameterizedTest
    @ValueSource(strings = {":path", ":scheme", ":authority"})
    void aRequestWithoutAPseudoHeaderResetsTheStream(String missing) throws Exception {
        Http3Headers request = Http3Peer.connect("/");
        request.remove(missing);
        peer.open(request);
        assertEquals("RESET H3_MESSAGE_ERROR", next());
        expectLife();
    }

    @Test
    void aRequestWithAFieldOfConnectionsResetsTheStream() throws Exception {
        Http3Headers request = Http3Peer.connect("/");
        request.add("te", "gzip");
        peer.open(request);
        assertEquals("RESET H3_MESSAGE_ERROR", next());
        expectLife();
    }

    @Test
    void theEndOfTheStreamInThePacketOfTheRequestEndsTheStream() throws Exception {
        askLast("/");
        assertEquals("END", next());
    }

    /**
     * The end of the stream is lost, and the bytes before it are acknowledged afterwards. quiche takes a stream without
     * unacknowledged bytes for complete, whether or not its end has arrived.
     */
    @Test
    @Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void theEndOfTheStreamIsSentAgainIfItWasLost() throws Exception {
        try (UdpRelay relay = new UdpRelay(server.port());
                Http3Peer remote = new Http3Peer(relay.port())) {
            QuicStreamChannel stream = remote.open(Http3Peer.connect("/late"));
            requested.get(60, TimeUnit.SECONDS);
            relay.hold();
            accept();
            assertEquals("HEADERS 200", remote.next());
            int acknowledgements = relay.held();
            stream.shutdownOutput().sync();
            relay.awaitMoreHeld(acknowledgements);
            relay.passOnLate(acknowledgements);
            assertEquals("END", remote.next());
        }
    }

    /** The message is longer than the window of the stream, so a part of it waits while the server ends the stream. */
    @Test
    void aLongMessageComesBackBeforeTheEndOfTheStream() throws Exception {
        int length = 256 * 1024;
        QuicStreamChannel stream = open();
        data(stream, "81ff" + "%016x".formatted(length) + "00000000" + "61".repeat(length) + CLOSE);
        StringBuilder received = new StringBuilder();
        String event = next();
        for (; event.startsWith("DATA "); event = next()) {
            received.append(event.substring(5));
        }
        assertEquals("END", event);
        assertTrue(received.toString().endsWith("6161" + CLOSE_BACK), "the Close frame is the last one");
        byte[] bytes = ByteBufUtil.decodeHexDump(received);
        assertEquals(
                length,
                IntStream.range(0, bytes.length).filter(i -> bytes[i] == 'a').count());
    }

    @Test
    void aConnectionErrorOfThePeerIsNotLogged() throws Exception {
        try (PipelineLog log = new PipelineLog()) {
            open();
            peer.control("000100"); // RFC 9114 §7.2.1: DATA belongs to a request
            assertEquals("CLOSE H3_FRAME_UNEXPECTED", next());
            assertEquals(CloseCode.ABNORMAL_CLOSURE, listener.end().code());
            assertEquals(List.of(), log.records());
        }
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
