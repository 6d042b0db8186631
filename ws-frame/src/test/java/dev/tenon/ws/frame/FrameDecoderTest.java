package dev.tenon.ws.frame;

import static dev.tenon.ws.frame.Role.CLIENT;
import static dev.tenon.ws.frame.Role.SERVER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class FrameDecoderTest extends DecodedPieces {
    /** RFC 6455 §5.7. */
    @Nested
    class ExamplesOfTheRfc {
        @Test
        void unmaskedText() {
            assertEquals(List.of("FIN TEXT " + HELLO + "."), decode(CLIENT, "81 05 48656c6c6f"));
        }

        @Test
        void maskedText() {
            assertEquals(List.of("FIN TEXT " + HELLO + "."), decode(SERVER, "81 85 37fa213d 7f9f4d5158"));
        }

        @Test
        void fragmentedText() {
            assertEquals(
                    List.of("TEXT 48656c.", "FIN CONTINUATION 6c6f."), decode(CLIENT, "01 03 48656c" + "80 02 6c6f"));
        }

        @Test
        void unmaskedPing() {
            assertEquals(List.of("FIN PING " + HELLO + "."), decode(CLIENT, "89 05 48656c6c6f"));
        }

        @Test
        void maskedPong() {
            assertEquals(List.of("FIN PONG " + HELLO + "."), decode(SERVER, "8a 85 37fa213d 7f9f4d5158"));
        }

        @Test
        void binaryOf256Bytes() {
            String payload = "ab".repeat(256);
            assertEquals(List.of("FIN BINARY " + payload + "."), decode(CLIENT, "82 7e 0100" + payload));
        }

        @Test
        void binaryOf64KiB() {
            String payload = "cd".repeat(65_536);
            assertEquals(List.of("FIN BINARY " + payload + "."), decode(CLIENT, "82 7f 0000000000010000" + payload));
        }
    }

    @Nested
    class Lengths {
        @Test
        void anEmptyFrameIsOneEmptyPiece() {
            assertEquals(List.of("FIN TEXT ."), decode(CLIENT, "81 00"));
        }

        @Test
        void anEmptyMaskedFrameIsOneEmptyPiece() {
            assertEquals(List.of("FIN TEXT ."), decode(SERVER, "81 80 01020304"));
        }

        @Test
        void everyFormAtItsEdges() {
            for (int length : new int[] {1, 125, 126, 127, 65_535, 65_536}) {
                pieces.clear();
                String header = length < 126
                        ? String.format("82%02x", length)
                        : length < 65_536 ? String.format("827e%04x", length) : String.format("827f%016x", length);
                String payload = "5a".repeat(length);
                assertEquals(List.of("FIN BINARY " + payload + "."), decode(CLIENT, header + payload));
            }
        }

        @Test
        void theLongestLengthThatCanBeExpressedIsTaken() {
            FrameDecoder decoder = decoder(CLIENT);
            decodeAll(decoder, Hex.buffer("82 7f 7fffffffffffffff 0102"));
            assertEquals(List.of("FIN BINARY 0102"), pieces);
            assertEquals(Long.MAX_VALUE, decoder.payloadLength());
        }
    }

    @Nested
    class Pieces {
        @Test
        void oneCallHandsOverOnePiece() {
            FrameDecoder decoder = decoder(CLIENT);
            ByteBuffer input = Hex.buffer("81 01 61" + "81 01 62");
            assertTrue(decoder.decode(input, lines));
            assertEquals(List.of("FIN TEXT 61."), pieces);
            assertEquals(3, input.position());
        }

        @Test
        void payloadIsHandedOnAsItArrives() {
            FrameDecoder decoder = decoder(SERVER);
            decodeAll(decoder, Hex.buffer("81 85 37fa213d 7f9f"));
            decodeAll(decoder, Hex.buffer("4d51"));
            decodeAll(decoder, Hex.buffer("58"));
            assertEquals(List.of("FIN TEXT 4865", "FIN TEXT 6c6c", "FIN TEXT 6f."), pieces);
        }

        @Test
        void aHeaderWithoutPayloadYetIsNoPiece() {
            FrameDecoder decoder = decoder(SERVER);
            assertFalse(decoder.decode(Hex.buffer("81 85 37fa213d"), lines));
            assertFalse(decoder.decode(ByteBuffer.allocate(0), lines));
            assertTrue(decoder.decode(Hex.buffer("7f9f4d5158"), lines));
            assertEquals(List.of("FIN TEXT " + HELLO + "."), pieces);
        }

        @Test
        void theLastByteOfTheHeaderEndsAnEmptyFrame() {
            FrameDecoder decoder = decoder(SERVER);
            assertFalse(decoder.decode(Hex.buffer("89 80 010203"), lines));
            assertTrue(decoder.decode(Hex.buffer("04"), lines));
            assertEquals(List.of("FIN PING ."), pieces);
        }

        @Test
        void byteByByteThroughEveryLengthForm() {
            String expected = "FIN BINARY " + "00".repeat(1) + ".";
            for (String header : List.of("82 81 00000000", "82 fe 0080 00000000", "82 ff 0000000000010000 00000000")) {
                pieces.clear();
                FrameDecoder decoder = decoder(SERVER);
                for (byte b : Hex.bytes(header)) {
                    assertFalse(decoder.decode(ByteBuffer.wrap(new byte[] {b}), lines));
                    assertFalse(decoder.isBetweenFrames());
                }
                long length = decoder.payloadLength();
                for (long i = 0; i < length; i++) {
                    assertTrue(decoder.decode(ByteBuffer.allocate(1), lines));
                }
                assertEquals(length, pieces.size());
                assertEquals(expected, pieces.get((int) length - 1));
                assertTrue(decoder.isBetweenFrames());
            }
        }

        @Test
        void anEmptyInputIsNoPiece() {
            assertFalse(decoder(SERVER).decode(ByteBuffer.allocate(0), lines));
        }
    }

    @Nested
    class BufferOfTheCaller {
        @Test
        void theHandlerIsGivenTheBufferItself() {
            ByteBuffer input = Hex.buffer("81 85 37fa213d 7f9f4d5158" + "89 80 00000000");
            decoder(SERVER).decode(input, (firstByte, payload, end) -> {
                assertSame(input, payload);
                assertEquals(6, payload.position());
                assertEquals(11, payload.limit());
            });
            assertEquals(11, input.position());
            assertEquals(17, input.limit());
            assertEquals(HELLO, Hex.of(input.slice(6, 5)), "unmasked in place");
        }

        @Test
        void changesOfPositionAndLimitByTheHandlerAreUndone() {
            ByteBuffer input = Hex.buffer("81 02 6162" + "81 01 63");
            decoder(CLIENT).decode(input, (firstByte, payload, end) -> payload.clear());
            assertEquals(4, input.position());
            assertEquals(7, input.limit());
        }

        @Test
        void bytesBeyondTheLimitAreNotTouched() {
            ByteBuffer input = Hex.buffer("81 85 37fa213d 7f9f4d5158").limit(9);
            decodeAll(decoder(SERVER), input);
            assertEquals(List.of("FIN TEXT 48656c"), pieces);
            assertEquals(9, input.limit());
            assertEquals("5158", Hex.of(input.duplicate().limit(11)));
        }

        @Test
        void readOnlyInputIsCopiedAndStaysMasked() {
            ByteBuffer wire = Hex.buffer("81 85 37fa213d 7f9f4d5158");
            ByteBuffer input = wire.asReadOnlyBuffer();
            decoder(SERVER).decode(input, (firstByte, payload, end) -> {
                assertNotSame(input, payload);
                assertEquals(HELLO, Hex.of(payload));
                assertTrue(end);
            });
            assertFalse(input.hasRemaining());
            assertEquals("818537fa213d7f9f4d5158", Hex.of(wire));
        }

        @Test
        void readOnlyInputWithoutMaskIsHandedOverItself() {
            ByteBuffer input = Hex.buffer("81 05 48656c6c6f").asReadOnlyBuffer();
            decoder(CLIENT).decode(input, (firstByte, payload, end) -> assertSame(input, payload));
        }

        @Test
        void aLongReadOnlyPayloadComesInPiecesOfFourKiB() {
            byte[] wire = new byte[8 + 10_000];
            System.arraycopy(Hex.bytes("82 fe 2710 01020304"), 0, wire, 0, 8);
            List<Integer> lengths = new ArrayList<>();
            FrameDecoder decoder = decoder(SERVER);
            ByteBuffer input = ByteBuffer.wrap(wire).asReadOnlyBuffer();
            while (decoder.decode(input, (firstByte, payload, end) -> {
                lengths.add(payload.remaining());
                assertEquals("01020304", Hex.of(payload.limit(4)));
            })) {
                assertTrue(lengths.size() < 10);
            }
            assertEquals(List.of(4096, 4096, 1808), lengths);
        }

        @Test
        void afterAThrowingHandlerTheNextPieceFollows() {
            for (boolean readOnly : new boolean[] {false, true}) {
                pieces.clear();
                FrameDecoder decoder = decoder(SERVER);
                ByteBuffer wire = Hex.buffer("81 85 37fa213d 7f9f4d5158" + "82 81 01010101 02");
                ByteBuffer input = readOnly ? wire.asReadOnlyBuffer() : wire;
                assertThrows(
                        ArithmeticException.class,
                        () -> decoder.decode(input, (firstByte, payload, end) -> {
                            payload.limit(0);
                            throw new ArithmeticException();
                        }));
                assertEquals(11, input.position());
                assertEquals(18, input.limit());
                decodeAll(decoder, input);
                assertEquals(List.of("FIN BINARY 03."), pieces);
            }
        }

        @Test
        void anyByteOrderOfTheBufferReadsTheSame() {
            ByteBuffer input =
                    Hex.buffer("82 fe 0102 01020304" + "00".repeat(258)).order(java.nio.ByteOrder.LITTLE_ENDIAN);
            decodeAll(decoder(SERVER), input);
            assertEquals(List.of("FIN BINARY " + "01020304".repeat(64) + "0102."), pieces);
            assertEquals(java.nio.ByteOrder.LITTLE_ENDIAN, input.order());
        }
    }

    @Nested
    class HeaderAccessors {
        @Test
        void lengthMaskAndKeyAreAccessible() {
            FrameDecoder decoder = decoder(SERVER);
            decoder.decode(Hex.buffer("81 85 37fa213d 7f"), (firstByte, payload, end) -> {
                assertEquals(5, decoder.payloadLength());
                assertTrue(decoder.isMasked());
                assertEquals(0x37fa213d, decoder.maskingKey());
            });
        }

        @Test
        void theKeyOfAnUnmaskedFrameIsZero() {
            FrameDecoder decoder = decoder(CLIENT);
            decodeAll(decoder, Hex.buffer("81 01 61"));
            assertFalse(decoder.isMasked());
            assertEquals(0, decoder.maskingKey());
        }

        @Test
        void betweenFramesIsAtTheStartAndBehindEveryFrame() {
            FrameDecoder decoder = decoder(CLIENT);
            assertTrue(decoder.isBetweenFrames());
            decodeAll(decoder, Hex.buffer("81"));
            assertFalse(decoder.isBetweenFrames());
            decodeAll(decoder, Hex.buffer("02 61"));
            assertFalse(decoder.isBetweenFrames());
            decodeAll(decoder, Hex.buffer("62"));
            assertTrue(decoder.isBetweenFrames());
        }
    }

    /** A reset works at every place of a stream: in a header, in a masked payload, after a violation. */
    @Test
    void startsOverAsNew() {
        for (String left : List.of("", "81", "81 fe", "81 82 01020304", "81 82 01020304 60", "ff 00", "81 fe 0001")) {
            FrameDecoder decoder = new FrameDecoder(FrameRules.receivedBy(Role.SERVER));
            ByteBuffer input = Hex.buffer(left);
            try {
                decoder.decode(input, (firstByte, payload, end) -> {});
            } catch (ProtocolException violation) {
                assertFalse(decoder.isBetweenFrames());
            }
            decoder.reset();
            assertTrue(decoder.isBetweenFrames());
            assertEquals(0, decoder.payloadLength());
            assertEquals(List.of(Frame.text("a")), Frame.decodeAll(decoder, Hex.buffer("81 81 01020304 60")), left);
        }
    }
}
