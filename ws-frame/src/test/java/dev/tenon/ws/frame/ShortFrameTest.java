package dev.tenon.ws.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames of a few bytes, for which encoder and decoder have special paths. */
class ShortFrameTest {
    private static final FirstByte BINARY = FirstByte.of(true, Opcode.BINARY);

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyShortLengthGoesWholeIntoADirectBufferAndTouchesNothingElse(boolean direct) {
        for (int length = 0; length <= 130; length++) {
            ByteBuffer payload = direct ? ByteBuffer.allocateDirect(length + 5) : ByteBuffer.allocate(length + 5);
            for (int i = 0; i < payload.capacity(); i++) {
                payload.put(i, (byte) (i + 1));
            }
            payload.position(3).limit(3 + length);
            ByteBuffer output = ByteBuffer.allocateDirect(length + 20).position(7);
            FrameEncoder.unmasked().encode(BINARY, payload, output);
            assertEquals(0, payload.remaining());

            int header = length < 126 ? 2 : 4;
            assertEquals(7 + header + length, output.position());
            ByteBuffer expected = ByteBuffer.allocate(length + 20).position(7).put((byte) 0x82);
            if (length < 126) {
                expected.put((byte) length);
            } else {
                expected.put((byte) 126).putShort((short) length);
            }
            expected.put(payload.duplicate().position(3));
            assertEquals(expected.clear(), output.clear(), "a payload of " + length);
        }
    }

    @Test
    void anEmptyUnmaskedFrameHasNoKeyWhateverFollows() {
        FrameDecoder decoder = new FrameDecoder(FrameRules.receivedBy(Role.CLIENT));
        decoder.decode(Hex.buffer("82 00 ffffffffffffffff"), (firstByte, payload, end) -> {});
        assertEquals(0, decoder.maskingKey());
    }

    @Test
    void noHeaderComesBeforeThePayloadOfTheLastOne() {
        FrameEncoder encoder = FrameEncoder.unmasked();
        ByteBuffer output = ByteBuffer.allocate(100);
        encoder.encodeHeader(BINARY, 1, output);
        assertThrows(IllegalStateException.class, () -> encoder.encodeHeader(BINARY, 1, output));
        assertEquals(2, output.position(), "and nothing is written");
    }

    @Test
    void aFrameOfUpTo32BytesIsShownWhole() {
        assertEquals(
                "FIN BINARY, 32 bytes: " + "00".repeat(32),
                Frame.binary(ByteBuffer.allocate(32)).toString());
        assertEquals(
                "FIN BINARY, 33 bytes: " + "00".repeat(32) + "...",
                Frame.binary(ByteBuffer.allocate(33)).toString());
    }

    @ParameterizedTest
    @ValueSource(ints = {0x7F, 0x80, 0x7FF, 0x800, 0xFFFF, 0x10000})
    void aReasonIsCutByWhatItsCharactersTakeInUtf8(int codePoint) {
        String character = Character.toString(codePoint);
        int bytes = codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
        assertEquals(
                character.repeat(123 / bytes),
                ClosePayload.cutToFit(CloseCode.NORMAL_CLOSURE, character.repeat(124))
                        .reason());
    }
}
