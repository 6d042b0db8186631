package dev.tenon.ws.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tenon.ws.connection.MessageType;
import dev.tenon.ws.connection.ReadyState;
import dev.tenon.ws.connection.WebSocket;
import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.ClosePayload;
import dev.tenon.ws.frame.Frame;
import dev.tenon.ws.frame.FrameHeader;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.Role;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
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
    void whatIsAsTheScriptSaysPasses() {
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
                        .expectFrame(new Frame(FrameHeader.of(true, Opcode.PONG), ByteBuffer.allocate(0))));
    }

    private static void assertFails(String message, Runnable script) {
        AssertionError failure = assertThrows(AssertionError.class, script::run);
        assertEquals(
                message,
                String.valueOf(failure.getMessage()).lines().findFirst().orElse(""));
    }

    @Test
    void masksAreWrongWhereTheScriptSaysSo() {
        client().sendUnmasked(Frame.text("no mask")).expectClose(1002).expectEnd();
        ScriptedPeer.playing(Role.SERVER)
                .against(ECHO)
                .sendMasked(Frame.text("a mask"))
                .expectClose(1002)
                .expectEnd();
    }

    @Test
    void messagesAreTakenInAnyFragments() {
        ScriptedPeer peer = client();
        peer.underTest().sendPiece(MessageType.BINARY, ByteBuffer.allocate(2), false);
        peer.underTest().sendPiece(MessageType.BINARY, ByteBuffer.allocate(1), true);
        peer.expectBinary(ByteBuffer.allocate(3));
    }

    @Test
    void timePassesWhenTheScriptSaysSo() {
        ScriptedPeer peer = client().advance(Duration.ofSeconds(29)).advance(Duration.ofSeconds(1));
        Frame ping = new Frame(
                FrameHeader.of(true, Opcode.PING), ByteBuffer.wrap("tenon\0ka".getBytes(StandardCharsets.US_ASCII)));
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
    void bytesGoAsTheyAreInTheChunksAskedFor() {
        ScriptedPeer.playing(Role.CLIENT)
                .conditions(WireConditions.GOOD.withChunks(List.of(1)))
                .against(ECHO)
                .sendBytes(ByteBuffer.wrap(new byte[] {(byte) 0x81, (byte) 0x81, 0, 0, 0, 0, 'x'}))
                .expectText("x");
    }
}
