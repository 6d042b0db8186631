package dev.tenon.ws.frame;

import static dev.tenon.ws.frame.Role.CLIENT;
import static dev.tenon.ws.frame.Role.SERVER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Frames that break a rule of RFC 6455 §5, and frames that are allowed by other rules. */
class FrameDecoderViolationTest extends DecodedPieces {
    /** Tests RFC 6455 §5 with the whole header available (the fast path) and byte by byte. */
    @Nested
    class Violations {
        private void fails(Role receiver, CloseCode code, String rule, String checked, String rest) {
            fails(FrameRules.receivedBy(receiver), code, rule, checked, rest);
        }

        /** Expects a failure after {@code checked}, whether or not {@code rest} is available. */
        private void fails(FrameRules rules, CloseCode code, String rule, String checked, String rest) {
            byte[] head = Hex.bytes(checked);
            for (String hex : List.of(checked + rest, checked)) {
                FrameDecoder decoder = new FrameDecoder(rules);
                ByteBuffer input = Hex.buffer(hex);
                expect(decoder, input, code, rule);
                assertEquals(head.length, input.position());
                assertEquals(input.capacity(), input.limit());
                assertFalse(decoder.isBetweenFrames());
                ByteBuffer more = Hex.buffer("81 00 81 80 00000000 00000000");
                expect(decoder, more, code, rule);
                assertEquals(0, more.position(), "nothing is taken after a violation");
            }
            FrameDecoder decoder = new FrameDecoder(rules);
            for (int i = 0; i < head.length - 1; i++) {
                assertFalse(decoder.decode(ByteBuffer.wrap(head, i, 1), lines));
            }
            ByteBuffer last = ByteBuffer.wrap(head, head.length - 1, 1);
            expect(decoder, last, code, rule);
            assertFalse(last.hasRemaining());
            assertEquals(List.of(), pieces);
        }

        private void expect(FrameDecoder decoder, ByteBuffer input, CloseCode code, String rule) {
            ProtocolException e = assertThrows(ProtocolException.class, () -> decoder.decode(input, lines));
            assertEquals(rule, e.getMessage());
            assertEquals(code, e.closeCode());
        }

        private static final String KEY_AND_PAYLOAD = "01020304 60";

        @Test
        void rsv1WithoutAnOwner() {
            String rule = "an RSV bit is set that no negotiated extension owns";
            fails(SERVER, CloseCode.PROTOCOL_ERROR, rule, "c1 81", KEY_AND_PAYLOAD);
        }

        @Test
        void rsv2WithoutAnOwner() {
            String rule = "an RSV bit is set that no negotiated extension owns";
            fails(SERVER, CloseCode.PROTOCOL_ERROR, rule, "a1 81", KEY_AND_PAYLOAD);
        }

        @Test
        void rsv3BesideAnOwnedRsv1() {
            String rule = "an RSV bit is set that no negotiated extension owns";
            FrameRules rules = FrameRules.receivedBy(SERVER).withOwned(FirstByte.RSV1, Set.of());
            fails(rules, CloseCode.PROTOCOL_ERROR, rule, "d1 81", KEY_AND_PAYLOAD);
        }

        @Test
        void reservedDataOpcodeWithoutAnOwner() {
            String rule = "a reserved opcode that no negotiated extension owns";
            for (String first : List.of("83", "84", "85", "86", "87")) {
                fails(SERVER, CloseCode.PROTOCOL_ERROR, rule, first + "81", KEY_AND_PAYLOAD);
            }
        }

        @Test
        void reservedControlOpcodeWithoutAnOwner() {
            String rule = "a reserved opcode that no negotiated extension owns";
            for (String first : List.of("8b", "8c", "8d", "8e", "8f")) {
                fails(SERVER, CloseCode.PROTOCOL_ERROR, rule, first + "81", KEY_AND_PAYLOAD);
            }
        }

        @Test
        void fragmentedControlFrame() {
            String rule = "a control frame must not be fragmented";
            for (String first : List.of("08", "09", "0a")) {
                fails(SERVER, CloseCode.PROTOCOL_ERROR, rule, first + "81", KEY_AND_PAYLOAD);
            }
        }

        @Test
        void controlFrameOf126Bytes() {
            String rule = "a control frame holds at most 125 bytes";
            fails(SERVER, CloseCode.PROTOCOL_ERROR, rule, "89 fe 007e", KEY_AND_PAYLOAD);
        }

        @Test
        void controlFrameOf64KiB() {
            String rule = "a control frame holds at most 125 bytes";
            fails(SERVER, CloseCode.PROTOCOL_ERROR, rule, "88 ff 0000000000010000", KEY_AND_PAYLOAD);
        }

        @Test
        void lengthIn16BitsThatFitsInSeven() {
            String rule = "a length must be sent in as few bytes as possible";
            fails(SERVER, CloseCode.PROTOCOL_ERROR, rule, "82 fe 007d", KEY_AND_PAYLOAD);
            fails(SERVER, CloseCode.PROTOCOL_ERROR, rule, "89 fe 0000", KEY_AND_PAYLOAD);
        }

        @Test
        void lengthIn64BitsThatFitsIn16() {
            String rule = "a length must be sent in as few bytes as possible";
            fails(SERVER, CloseCode.PROTOCOL_ERROR, rule, "82 ff 000000000000ffff", KEY_AND_PAYLOAD);
            fails(SERVER, CloseCode.PROTOCOL_ERROR, rule, "82 ff 0000000000000005", KEY_AND_PAYLOAD);
        }

        @Test
        void lengthWithTheTopBitSet() {
            String rule = "the top bit of a 64-bit length must be clear";
            fails(SERVER, CloseCode.PROTOCOL_ERROR, rule, "82 ff 8000000000000000", KEY_AND_PAYLOAD);
            fails(SERVER, CloseCode.PROTOCOL_ERROR, rule, "82 ff ffffffffffffffff", KEY_AND_PAYLOAD);
        }

        @Test
        void unmaskedFrameFromAClient() {
            String rule = "a frame from a client must be masked";
            fails(SERVER, CloseCode.PROTOCOL_ERROR, rule, "81 05", HELLO);
        }

        @Test
        void maskedFrameFromAServer() {
            String rule = "a frame from a server must not be masked";
            fails(CLIENT, CloseCode.PROTOCOL_ERROR, rule, "81 85", "37fa213d 7f9f4d5158");
        }

        @Test
        void frameBeyondTheLimitOnTheHeaderAlone() {
            String rule = "the frame is longer than this end accepts";
            FrameRules rules = FrameRules.receivedBy(SERVER).withMaxPayloadLength(1000);
            fails(rules, CloseCode.MESSAGE_TOO_BIG, rule, "82 fe 03e9", KEY_AND_PAYLOAD);
            fails(rules, CloseCode.MESSAGE_TOO_BIG, rule, "82 ff 7fffffffffffffff", KEY_AND_PAYLOAD);
        }

        @Test
        void framesBeforeTheBadOneAreHandedOver() {
            FrameDecoder decoder = decoder(CLIENT);
            ByteBuffer input = Hex.buffer("81 01 61" + "ff 00");
            assertTrue(decoder.decode(input, lines));
            assertThrows(ProtocolException.class, () -> decoder.decode(input, lines));
            assertEquals(List.of("FIN TEXT 61."), pieces);
            assertEquals(5, input.position());
        }

        @Test
        void aViolationOfTheHandlersOwnLeavesTheDecoderWhole() {
            FrameDecoder decoder = decoder(CLIENT);
            ByteBuffer input = Hex.buffer("81 01 61" + "81 01 62");
            assertThrows(
                    ProtocolException.class,
                    () -> decoder.decode(input, (firstByte, payload, end) -> {
                        throw ExtensionViolation.of("x.no", CloseCode.POLICY_VIOLATION, "no")
                                .toException();
                    }));
            decodeAll(decoder, input);
            assertEquals(List.of("FIN TEXT 62."), pieces);
        }
    }

    @Nested
    class AllowedVariants {
        @Test
        void ownedRsvBitsAndOpcodesPass() {
            FrameRules rules = FrameRules.receivedBy(CLIENT)
                    .withOwned(FirstByte.RSV1 | FirstByte.RSV3, Set.of(Opcode.RESERVED_3, Opcode.RESERVED_F));
            decodeAll(new FrameDecoder(rules), Hex.buffer("d3 01 61" + "8f 01 62"));
            assertEquals(List.of("FIN RSV1 RSV3 RESERVED_3 61.", "FIN RESERVED_F 62."), pieces);
        }

        @Test
        void trustedPeersLeaveMaskingOut() {
            decodeAll(new FrameDecoder(FrameRules.unmaskedBetweenTrustedPeers()), Hex.buffer("81 01 61"));
            assertEquals(List.of("FIN TEXT 61."), pieces);
        }

        @Test
        void aFrameAtTheLimitPasses() {
            FrameRules rules = FrameRules.receivedBy(CLIENT).withMaxPayloadLength(3);
            assertTrue(new FrameDecoder(rules).decode(Hex.buffer("82 03 010203"), NOTHING));
        }

        @Test
        void controlFramesKeepTheirOwnLimit() {
            FrameRules rules = FrameRules.receivedBy(CLIENT).withMaxPayloadLength(0);
            assertTrue(new FrameDecoder(rules).decode(Hex.buffer("89 7d" + "00".repeat(125)), NOTHING));
        }
    }
}
