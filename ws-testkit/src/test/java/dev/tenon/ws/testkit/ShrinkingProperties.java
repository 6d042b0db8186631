package dev.tenon.ws.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tenon.ws.frame.ClosePayload;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.Frame;
import dev.tenon.ws.frame.FrameViolation;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.Role;
import java.nio.ByteBuffer;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Properties that fail, each with one smallest failing sample. */
class ShrinkingProperties {
    private static final FirstByte CONTINUED = FirstByte.of(false, Opcode.TEXT);
    private static final FirstByte LAST = FirstByte.of(true, Opcode.CONTINUATION);

    @Property(tries = 5)
    void noFrameIsLongerThan125Bytes(@ForAll long seed) {
        Frame smallest = Shrinking.smallest(
                Frames.frames(), seed, frame -> frame.payload().remaining() <= 125);
        assertEquals(126, smallest.payload().remaining());
    }

    @Property(tries = 20)
    void noTextIsLongerThanThreeCodePoints(@ForAll long seed) {
        assertEquals(
                "aaaa", Shrinking.smallest(Frames.text(50), seed, text -> text.codePointCount(0, text.length()) < 4));
    }

    @Property(tries = 20)
    void everyFrameIsAControlFrame(@ForAll long seed) {
        assertEquals(
                Frame.text(""),
                Shrinking.smallest(
                        Frames.frames(),
                        seed,
                        frame -> frame.firstByte().opcode().isControl()));
    }

    @Property(tries = 20)
    void everyCloseHasNoReason(@ForAll long seed) {
        ClosePayload smallest = Shrinking.smallest(
                Frames.closePayloads(), seed, payload -> payload.reason().isEmpty());
        assertEquals("a", smallest.reason());
    }

    @Property(tries = 20)
    void noMessageIsFragmented(@ForAll long seed, @ForAll Role sender) {
        FrameSequence smallest = Shrinking.smallest(
                Frames.sequences(sender),
                seed,
                sequence -> sequence.frames().stream()
                        .noneMatch(frame -> frame.firstByte().opcode() == Opcode.CONTINUATION));
        assertEquals(
                List.of(new Frame(CONTINUED, ByteBuffer.allocate(0)), new Frame(LAST, ByteBuffer.allocate(0))),
                smallest.frames());
    }

    @Property(tries = 20)
    void noPingComesWithinAMessage(@ForAll long seed, @ForAll Role sender) {
        FrameSequence smallest = Shrinking.smallest(Frames.sequences(sender), seed, sequence -> {
            boolean within = false;
            for (Frame frame : sequence.frames()) {
                if (frame.firstByte().opcode() == Opcode.PING && within) {
                    return false;
                }
                within = frame.firstByte().opcode().isControl()
                        ? within
                        : !frame.firstByte().fin();
            }
            return true;
        });
        assertEquals(
                List.of(
                        new Frame(CONTINUED, ByteBuffer.allocate(0)),
                        new Frame(FirstByte.of(true, Opcode.PING), ByteBuffer.allocate(0)),
                        new Frame(LAST, ByteBuffer.allocate(0))),
                smallest.frames());
    }

    @Property(tries = 20)
    void noHandshakeOffersASubprotocol(@ForAll long seed) {
        OpeningHandshake smallest = Shrinking.smallest(
                Handshakes.openings(),
                seed,
                opening -> opening.request().headers().count("Sec-WebSocket-Protocol") == 0);
        assertEquals("""
                GET / HTTP/1.1
                Host: localhost
                Upgrade: websocket
                Connection: Upgrade
                Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==
                Sec-WebSocket-Version: 13
                Sec-WebSocket-Protocol: a

                HTTP/1.1 101 Switching Protocols
                Upgrade: websocket
                Connection: Upgrade
                Sec-WebSocket-Accept: ICX+Yqv66kxgM0FcWaLWlFLwTAI=

                """, smallest.toString().replace("\r", ""));
    }

    @Property(tries = 20)
    void noWireIsEverCut(@ForAll long seed) {
        assertEquals(
                WireConditions.GOOD.withCutAfter(0),
                Shrinking.smallest(WireConditions.any(), seed, wire -> wire.cutAfter() == WireConditions.NEVER));
    }

    @Property(tries = 20)
    void allChunksHoldTenBytes(@ForAll long seed) {
        assertEquals(
                WireConditions.GOOD.withChunks(List.of(7)),
                Shrinking.smallest(
                        WireConditions.any(),
                        seed,
                        wire -> wire.chunks().stream().allMatch(size -> size >= 10)));
    }

    @Property(tries = 20)
    void noClientForgetsItsMask(@ForAll long seed) {
        BrokenFrame smallest = Shrinking.smallest(
                Frames.broken(Role.CLIENT), seed, broken -> broken.violation() != FrameViolation.MASK_MISSING);
        assertEquals(ByteBuffer.wrap(new byte[] {(byte) 0x81, 0}), smallest.bytes());
    }

    @Property(tries = 20)
    void noMessageBeginsWithinAnother(@ForAll long seed, @ForAll Role sender) {
        BrokenSequence smallest = Shrinking.smallest(
                Frames.brokenSequences(sender),
                seed,
                broken -> broken.defect() != BrokenSequence.Defect.MESSAGE_WITHIN_MESSAGE);
        assertEquals(List.of(new Frame(CONTINUED, ByteBuffer.allocate(0)), Frame.text("")), smallest.frames());
    }

    @Property(tries = 20)
    void noRequestIsAPost(@ForAll long seed) {
        BrokenRequest smallest = Shrinking.smallest(
                Handshakes.brokenRequests(), seed, broken -> broken.defect() != BrokenRequest.Defect.METHOD_NOT_GET);
        assertEquals("""
                POST / HTTP/1.1
                Host: localhost
                Upgrade: websocket
                Connection: Upgrade
                Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==
                Sec-WebSocket-Version: 13

                """, smallest.text().replace("\r", ""));
    }
}
