package dev.tenon.ws.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class FrameEncoderTest {
    private static final FirstByte TEXT = FirstByte.of(true, Opcode.TEXT);
    private static final FirstByte BINARY = FirstByte.of(true, Opcode.BINARY);

    private final FrameEncoder server = FrameEncoder.unmasked();
    private final FrameEncoder client = FrameEncoder.masking(() -> 0x37fa213d);
    private final ByteBuffer output = ByteBuffer.allocate(70_000);

    private String written() {
        return Hex.of(output.duplicate().flip());
    }

    private static ByteBuffer hello() {
        return Hex.buffer("48656c6c6f");
    }

    /** RFC 6455 §5.7. */
    @Nested
    class ExamplesOfTheRfc {
        @Test
        void unmaskedText() {
            server.encode(TEXT, hello(), output);
            assertEquals("810548656c6c6f", written());
        }

        @Test
        void maskedText() {
            client.encode(TEXT, hello(), output);
            assertEquals("818537fa213d7f9f4d5158", written());
        }

        @Test
        void fragmentedText() {
            server.encode(FirstByte.of(false, Opcode.TEXT), Hex.buffer("48656c"), output);
            server.encode(FirstByte.of(true, Opcode.CONTINUATION), Hex.buffer("6c6f"), output);
            assertEquals("010348656c80026c6f", written());
        }

        @Test
        void maskedPong() {
            client.encode(FirstByte.of(true, Opcode.PONG), hello(), output);
            assertEquals("8a8537fa213d7f9f4d5158", written());
        }

        @Test
        void binaryOf256Bytes() {
            server.encode(BINARY, ByteBuffer.allocate(256), output);
            assertEquals("827e0100" + "00".repeat(256), written());
        }

        @Test
        void binaryOf64KiB() {
            server.encode(BINARY, ByteBuffer.allocate(65_536), output);
            assertEquals("827f0000000000010000" + "00".repeat(65_536), written());
        }
    }

    @Nested
    class Headers {
        private String header(FrameEncoder encoder, long length) {
            output.clear();
            FrameEncoder fresh = encoder == server ? FrameEncoder.unmasked() : FrameEncoder.masking(() -> 0x01020304);
            fresh.encodeHeader(BINARY, length, output);
            assertEquals(output.position(), fresh.headerLength(length));
            return written();
        }

        @Test
        void everyLengthFormAtItsEdges() {
            assertEquals("8200", header(server, 0));
            assertEquals("827d", header(server, 125));
            assertEquals("827e007e", header(server, 126));
            assertEquals("827effff", header(server, 65_535));
            assertEquals("827f0000000000010000", header(server, 65_536));
            assertEquals("827f7fffffffffffffff", header(server, Long.MAX_VALUE));
        }

        @Test
        void everyMaskedLengthFormAtItsEdges() {
            assertEquals("828001020304", header(client, 0));
            assertEquals("82fd01020304", header(client, 125));
            assertEquals("82fe007e01020304", header(client, 126));
            assertEquals("82feffff01020304", header(client, 65_535));
            assertEquals("82ff000000000001000001020304", header(client, 65_536));
        }

        @Test
        void theByteOrderOfTheOutputDoesNotMatter() {
            output.order(ByteOrder.LITTLE_ENDIAN);
            assertEquals("82fe010201020304", header(client, 258));
            assertEquals(ByteOrder.LITTLE_ENDIAN, output.order());
        }

        @Test
        void everyFrameHasAKeyOfItsOwn() {
            int[] keys = {0x01010101, 0x02020202};
            int[] drawn = {0};
            FrameEncoder encoder = FrameEncoder.masking(() -> keys[drawn[0]++]);
            encoder.encode(TEXT, Hex.buffer("60"), output);
            encoder.encode(TEXT, Hex.buffer("60"), output);
            assertEquals("8181010101016181810202020262", written());
        }
    }

    @Nested
    class Pieces {
        @Test
        void aPayloadMayComeInPieces() {
            client.encodeHeader(TEXT, 5, output);
            client.encodePayload(Hex.buffer("4865"), output);
            client.encodePayload(Hex.buffer(""), output);
            client.encodePayload(Hex.buffer("6c6c6f"), output);
            assertEquals("818537fa213d7f9f4d5158", written());
        }

        @Test
        void aPayloadIsCutWhereTheOutputEnds() {
            ByteBuffer payload = hello();
            output.limit(9);
            client.encodeHeader(TEXT, 5, output);
            client.encodePayload(payload, output);
            assertEquals(3, payload.position());
            output.limit(20);
            client.encodePayload(payload, output);
            assertEquals("818537fa213d7f9f4d5158", written());
        }

        @Test
        void aPayloadCanBeMaskedWhereItIs() {
            ByteBuffer payload = Hex.buffer("00 48656c6c6f 00");
            client.encodeHeader(TEXT, 5, output);
            client.mask(payload.position(1).limit(3));
            client.mask(payload.limit(6).position(3));
            assertEquals(3, payload.position());
            assertEquals(6, payload.limit());
            assertEquals("007f9f4d515800", Hex.of(payload.clear()));
            client.encode(TEXT, hello(), output);
        }

        @Test
        void maskLeavesAnUnmaskedPayloadAloneEvenReadOnly() {
            server.encodeHeader(TEXT, 5, output);
            ByteBuffer payload = hello().asReadOnlyBuffer();
            server.mask(payload);
            assertEquals("48656c6c6f", Hex.of(payload));
            server.encode(TEXT, hello(), output);
        }

        @Test
        void theCallersPayloadIsUsedUpAndUnchanged() {
            ByteBuffer payload = Hex.buffer("00 48656c6c6f 00").position(1).limit(6);
            client.encode(TEXT, payload, output);
            assertEquals(6, payload.position());
            assertEquals(6, payload.limit());
            assertEquals("0048656c6c6f00", Hex.of(payload.clear()));
        }
    }

    @Nested
    class Misuse {
        @Test
        void aFrameThatDoesNotFitWritesNothingAndDrawsNoKey() {
            FrameEncoder encoder = FrameEncoder.masking(() -> {
                throw new AssertionError("a key was drawn");
            });
            ByteBuffer payload = hello();
            output.limit(10);
            assertThrows(BufferOverflowException.class, () -> encoder.encode(TEXT, payload, output));
            assertEquals(0, output.position());
            assertEquals(0, payload.position());
        }

        @Test
        void aFrameThatJustFitsIsWritten() {
            output.limit(11);
            client.encode(TEXT, hello(), output);
            assertEquals(0, output.remaining());
        }

        @Test
        void aHeaderThatDoesNotFitWritesNothing() {
            output.limit(5);
            assertThrows(BufferOverflowException.class, () -> client.encodeHeader(TEXT, 1, output));
            assertEquals(0, output.position());
            output.limit(6);
            client.encodeHeader(TEXT, 1, output);
            assertEquals("818137fa213d", written());
        }

        @Test
        void theFrameBeforeMustBeFinished() {
            server.encodeHeader(TEXT, 3, output);
            server.encodePayload(Hex.buffer("61"), output);
            assertEquals(
                    "the frame before still lacks 2 bytes of payload",
                    assertThrows(IllegalStateException.class, () -> server.encode(TEXT, hello(), output))
                            .getMessage());
            assertEquals("810361", written());
        }

        @Test
        void aPayloadBeyondTheAnnouncedLengthIsRefused() {
            client.encodeHeader(TEXT, 4, output);
            ByteBuffer payload = hello();
            assertEquals(
                    "the frame lacks 4 bytes of payload, not 5",
                    assertThrows(IllegalArgumentException.class, () -> client.encodePayload(payload, output))
                            .getMessage());
            assertThrows(IllegalArgumentException.class, () -> client.mask(payload));
            assertEquals("48656c6c6f", Hex.of(payload));
            client.encodePayload(payload.limit(4), output);
            assertEquals("818437fa213d7f9f4d51", written());
        }

        @Test
        void aNegativeLengthIsRefused() {
            assertEquals(
                    "a payload length is not negative: -1",
                    assertThrows(IllegalArgumentException.class, () -> server.encodeHeader(TEXT, -1, output))
                            .getMessage());
        }

        @Test
        void anAttemptOnAReadOnlyBufferChangesNothing() {
            client.encodeHeader(TEXT, 5, output);
            ByteBuffer locked = ByteBuffer.allocate(9).asReadOnlyBuffer();
            assertThrows(ReadOnlyBufferException.class, () -> client.encodePayload(hello(), locked));
            assertThrows(ReadOnlyBufferException.class, () -> client.mask(locked.limit(5)));
            client.encodePayload(hello(), output);
            assertEquals("818537fa213d7f9f4d5158", written());
        }
    }
}
