package dev.tenon.ws.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrameTest {
    private final List<Frame> frames = new ArrayList<>();
    private final FrameDecoder decoder = new FrameDecoder(FrameRules.receivedBy(Role.CLIENT));

    @Test
    void valuesAreEqualByHeaderAndBytes() {
        Frame hi = Frame.text("hi");
        assertEquals(
                hi,
                new Frame(FirstByte.of(true, Opcode.TEXT), Hex.buffer("00 6869").position(1)));
        assertEquals(hi.hashCode(), Frame.text("hi").hashCode());
        assertNotEquals(hi, Frame.binary(hi.payload()));
        assertNotEquals(hi, Frame.text("ho"));
    }

    @Test
    void readingThePayloadDoesNotMoveOtherViews() {
        Frame hi = Frame.text("hi");
        hi.payload().get();
        assertEquals(2, hi.payload().remaining());
        assertNotSame(hi.payload(), hi.payload());
        assertTrue(hi.payload().isReadOnly());
    }

    @Test
    void encodedByEitherEnd() {
        assertEquals("81026869", Hex.of(Frame.text("hi").encode(FrameEncoder.unmasked())));
        assertEquals(
                "8882010101010 2e9".replace(" ", ""),
                Hex.of(Frame.close(new ClosePayload(CloseCode.NORMAL_CLOSURE, ""))
                        .encode(FrameEncoder.masking(() -> 0x01010101))));
    }

    @Test
    void decodedWholeFromManyPieces() {
        FrameHandler joiner = Frame.joining(decoder, frames::add);
        for (byte b : Hex.bytes("01 03 48656c" + "89 00" + "80 02 6c6f")) {
            decoder.decode(ByteBuffer.wrap(new byte[] {b}), joiner);
        }
        assertEquals("[TEXT, 3 bytes: 48656c, FIN PING, 0 bytes, FIN CONTINUATION, 2 bytes: 6c6f]", frames.toString());
    }

    @Test
    void framesBeforeAViolationAreKept() {
        FrameHandler joiner = Frame.joining(decoder, frames::add);
        ByteBuffer input = Hex.buffer("81 01 61" + "ff 00");
        assertThrows(ProtocolException.class, () -> {
            while (decoder.decode(input, joiner)) {
                assertTrue(frames.size() < 3);
            }
        });
        assertEquals(List.of(Frame.text("a")), frames);
    }

    @Test
    void aConsumerThatThrowsLosesOnlyItsFrame() {
        boolean[] thrown = {false};
        FrameHandler joiner = Frame.joining(decoder, frame -> {
            if (!thrown[0]) {
                thrown[0] = true;
                throw new ArithmeticException();
            }
            frames.add(frame);
        });
        decoder.decode(Hex.buffer("81 02 61"), joiner);
        assertThrows(ArithmeticException.class, () -> decoder.decode(Hex.buffer("62"), joiner));
        decoder.decode(Hex.buffer("81 01 63"), joiner);
        assertEquals(List.of(Frame.text("c")), frames);
    }

    @Test
    void aHandlerThatMissesAPieceThrows() {
        decoder.decode(Hex.buffer("81 03 61"), Frame.joining(decoder, frames::add));
        FrameHandler anew = Frame.joining(decoder, frames::add);
        assertThrows(IllegalStateException.class, () -> decoder.decode(Hex.buffer("62 63"), anew));
        decoder.decode(Hex.buffer("81 01 64"), anew);
        assertEquals(List.of(Frame.text("d")), frames);
    }

    @Test
    void decodedFramesShareNothingWithTheInput() {
        ByteBuffer input = Hex.buffer("81 01 61" + "81 01 62" + "81 05 63");
        List<Frame> decoded = Frame.decodeAll(decoder, input);
        input.clear().put(new byte[9]);
        assertEquals(List.of(Frame.text("a"), Frame.text("b")), decoded);
        assertFalse(decoder.isBetweenFrames());
    }

    @Test
    void longPayloadsAreShownShortened() {
        assertEquals(
                "FIN BINARY, 33 bytes: " + "00".repeat(32) + "...",
                Frame.binary(ByteBuffer.allocate(33)).toString());
    }
}
