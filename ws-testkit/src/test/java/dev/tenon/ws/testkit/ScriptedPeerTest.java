package dev.tenon.ws.testkit;

import static dev.tenon.ws.testkit.WireConditions.GOOD;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.connection.MessageType;
import dev.tenon.ws.connection.ReadyState;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.extension.Extension;
import dev.tenon.ws.extension.ExtensionContext;
import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.extension.NegotiatedExtension;
import dev.tenon.ws.extension.OutboundHandler;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.ClosePayload;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.Frame;
import dev.tenon.ws.frame.FrameHandler;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.Role;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScriptedPeerTest {
    private static final Frame CLOSE = Frame.close(new ClosePayload(CloseCode.NORMAL_CLOSURE, ""));

    private static final WebSocketListener ECHO = new WebSocketListener() {
        @Override
        public void onText(WebSocket webSocket, String text) {
            webSocket.sendText(text);
        }

        @Override
        public void onBinary(WebSocket webSocket, ByteBuffer data) {
            webSocket.sendBinary(data);
        }
    };

    private static ScriptedPeer client() {
        return ScriptedPeer.playing(Role.CLIENT).against(ECHO);
    }

    @Test
    void aConnectionThatFollowsTheScriptPasses() {
        ScriptedPeer peer = client().send(Frame.text("hi"))
                .expectText("hi")
                .send(Frame.binary(ByteBuffer.allocate(3)))
                .expectBinary(ByteBuffer.allocate(3))
                .expectNothing()
                .send(CLOSE)
                .expectClose(1000)
                .expectEnd();
        assertEquals(ReadyState.CLOSED, peer.underTest().readyState());
    }

    @Test
    void aFailureShowsAllFramesUpToThere() {
        AssertionError failure = assertThrows(
                AssertionError.class,
                () -> client().send(Frame.text("hi"))
                        .expectText("hi")
                        .send(Frame.text("you"))
                        .expectClose(1002));
        assertEquals("""
            expected Close 1002, but got FIN TEXT, 3 bytes: 796f75 "you"
              > FIN TEXT, 2 bytes: 6869 "hi"
              < FIN TEXT, 2 bytes: 6869 "hi"
              > FIN TEXT, 3 bytes: 796f75 "you"
              < FIN TEXT, 3 bytes: 796f75 "you"
            """, failure.getMessage());
    }

    @Test
    void everyExpectationCanFail() {
        assertFails("expected FIN TEXT, 1 bytes: 61 \"a\", but got nothing", () -> client().expectText("a"));
        assertFails(
                "expected FIN TEXT, 1 bytes: 61 \"a\", but got FIN BINARY, 1 bytes: 61",
                () -> client().send(Frame.binary(ByteBuffer.wrap(new byte[] {'a'})))
                        .expectText("a"));
        assertFails("expected the end, but got nothing", () -> client().expectEnd());
        assertFails(
                "expected the end, but got FIN CLOSE, 2 bytes: 03e8 (1000)",
                () -> client().send(CLOSE).expectEnd());
        assertFails(
                "expected Close 1001, but got FIN CLOSE, 2 bytes: 03e8 (1000)",
                () -> client().send(CLOSE).expectClose(1001));
        assertFails(
                "expected Close 1000, but got the end",
                () -> client().send(CLOSE).expectClose(1000).expectClose(1000));
        assertFails(
                "expected FIN PONG, 22 bytes: 6e6f7468696e67206265666f726520746869732c2031, but got FIN TEXT, 0 bytes",
                () -> client().send(Frame.text("")).expectNothing());
        assertFails(
                "expected FIN PONG, 0 bytes, but got FIN TEXT, 0 bytes",
                () -> client().send(Frame.text(""))
                        .expectFrame(new Frame(FirstByte.of(true, Opcode.PONG), ByteBuffer.allocate(0))));
    }

    /** Leaves one byte of every Close frame. */
    private record HalfCloses(ExtensionOffer agreed, int rsv) implements NegotiatedExtension, Extension {
        @Override
        public Extension open(ExtensionContext context) {
            return this;
        }

        @Override
        public FrameHandler inbound(FrameHandler next) {
            return next;
        }

        @Override
        public OutboundHandler outbound(OutboundHandler next) {
            return (firstByte, payload, end, mode) -> next.onFrame(
                    firstByte, payload.limit(payload.position() + Math.min(1, payload.remaining())), end, mode);
        }

        @Override
        public void close() {}
    }

    /** Long frames arrive in several chunks, as over a socket. */
    @Test
    void aFrameThatHasOnlyBegunIsNoEnd() {
        AssertionError failure = assertThrows(
                AssertionError.class,
                () -> client().send(Frame.binary(ByteBuffer.allocate(20_000))).expectEnd());
        String message = String.valueOf(failure.getMessage());
        assertTrue(message.startsWith("expected the end, but got FIN BINARY, 20000 bytes"), message);
    }

    @Test
    void aMalformedCloseIsNotAsExpected() {
        ScriptedPeer peer = ScriptedPeer.playing(Role.CLIENT)
                .extensions(new HalfCloses(ExtensionOffer.of("half"), 0))
                .against(ECHO);
        peer.underTest().close();
        assertFails(
                "expected Close 1000, but got FIN CLOSE, 1 bytes: 03: a close payload of one byte holds no code",
                () -> peer.expectClose(1000));
    }

    @Test
    void aWireThatIsCutEndsBothDirections() {
        for (int cut : new int[] {0, 3, 11}) {
            List<Integer> ends = new ArrayList<>();
            ScriptedPeer peer = ScriptedPeer.playing(Role.CLIENT)
                    .conditions(new WireConditions(GOOD.chunks(), GOOD.delays(), GOOD.capacity(), cut))
                    .against(new WebSocketListener() {
                        @Override
                        public void onClose(WebSocket webSocket, CloseEvent event) {
                            ends.add(event.code().value());
                        }
                    });
            peer.send(Frame.text("hello")).send(Frame.text("again")).expectEnd();
            assertEquals(List.of(1006), ends);
        }
    }

    /** An end that does not read, and so cannot answer pings, sends pongs itself whenever one is due. */
    @Test
    void deadlinesOfAnEndThatDoesNotReadAreKept() {
        WebSocketListener idle = new WebSocketListener() {
            @Override
            public long initialDemand() {
                return 0;
            }
        };
        ScriptedPeer peer = ScriptedPeer.playing(Role.CLIENT).against(idle);
        for (int i = 0; i < 20; i++) {
            peer.send(Frame.binary(ByteBuffer.allocate(8_000)));
        }
        Frame heartbeat = new Frame(FirstByte.of(true, Opcode.PONG), ByteBuffer.allocate(0));
        peer.advance(Duration.ofSeconds(95));
        peer.expectFrame(heartbeat).expectFrame(heartbeat).expectFrame(heartbeat);
        assertFails("expected the end, but got nothing", peer::expectEnd);
    }

    private static void assertFails(String message, Runnable script) {
        AssertionError failure = assertThrows(AssertionError.class, script::run);
        assertEquals(
                message,
                String.valueOf(failure.getMessage()).lines().findFirst().orElse(""));
    }

    @Test
    void masksAreWrongIfTheScriptSetsThat() {
        client().sendUnmasked(Frame.text("no mask")).expectClose(1002).expectEnd();
        ScriptedPeer.playing(Role.SERVER)
                .against(ECHO)
                .sendMasked(Frame.text("a mask"))
                .expectClose(1002)
                .expectEnd();
    }

    @Test
    void messagesAreAcceptedInAnyFragments() {
        ScriptedPeer peer = client();
        peer.underTest().sendPiece(MessageType.BINARY, ByteBuffer.allocate(2), false);
        peer.underTest().sendPiece(MessageType.BINARY, ByteBuffer.allocate(1), true);
        peer.expectBinary(ByteBuffer.allocate(3));
    }

    @Test
    void timePassesWhenTheScriptAdvancesIt() {
        ScriptedPeer peer = client().advance(Duration.ofSeconds(29)).advance(Duration.ofSeconds(1));
        Frame ping = new Frame(
                FirstByte.of(true, Opcode.PING), ByteBuffer.wrap("tenon\0ka".getBytes(StandardCharsets.US_ASCII)));
        peer.expectFrame(ping).advance(Duration.ofSeconds(20)).expectEnd();
        assertEquals(ReadyState.CLOSED, peer.underTest().readyState());
        client().ignore(Opcode.PING).advance(Duration.ofMinutes(5)).expectEnd();
    }

    @Test
    void aPeerMayJustEndOrBreak() {
        ScriptedPeer ended = client().end().expectEnd();
        assertEquals(ReadyState.CLOSED, ended.underTest().readyState());
        ScriptedPeer broken = client();
        broken.close();
        assertEquals(ReadyState.CLOSED, broken.underTest().readyState());
    }

    @Test
    void bytesAreSentUnchangedInTheConfiguredChunks() {
        ScriptedPeer.playing(Role.CLIENT)
                .conditions(WireConditions.GOOD.withChunks(List.of(1)))
                .against(ECHO)
                .sendBytes(ByteBuffer.wrap(new byte[] {(byte) 0x81, (byte) 0x81, 0, 0, 0, 0, 'x'}))
                .expectText("x");
    }
}
