package dev.tenon.ws.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ClosePayloadTest {
    private static ClosePayload decode(String hex) {
        return ClosePayload.decode(Hex.buffer(hex));
    }

    @Nested
    class Good {
        @Test
        void empty() {
            assertEquals(ClosePayload.EMPTY, decode(""));
            assertEquals("", Hex.of(ClosePayload.EMPTY.encode()));
            assertEquals(1005, ClosePayload.EMPTY.code().value());
        }

        @Test
        void codeAlone() {
            ClosePayload payload = new ClosePayload(CloseCode.NORMAL_CLOSURE, "");
            assertEquals(payload, decode("03e8"));
            assertEquals("03e8", Hex.of(payload.encode()));
        }

        @Test
        void codeAndReason() {
            ClosePayload payload = new ClosePayload(CloseCode.GOING_AWAY, "€");
            assertEquals(payload, decode("03e9 e282ac"));
            assertEquals("03e9e282ac", Hex.of(payload.encode()));
        }

        @Test
        void theLongestReason() {
            ClosePayload payload = new ClosePayload(new CloseCode(4999), "x".repeat(123));
            assertEquals(payload, ClosePayload.decode(payload.encode()));
            assertEquals(125, payload.encode().remaining());
        }

        @Test
        void theCodesThatMayBeSentAreThoseOfTheRfc() {
            for (int code = 0; code <= 0xFFFF; code++) {
                boolean good = (code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006)
                        || (code >= 3000 && code < 5000);
                String hex = String.format("%04x", code);
                if (good) {
                    assertEquals(code, decode(hex).code().value());
                } else {
                    assertViolation(1002, "the close code must not be sent: " + code, hex);
                }
            }
        }

        @Test
        void thePayloadIsTakenFromPositionToLimitWhateverItsByteOrder() {
            ByteBuffer bytes = Hex.buffer("ff 03e8 6f6b ff").position(1).limit(5);
            assertEquals(
                    new ClosePayload(CloseCode.NORMAL_CLOSURE, "ok"),
                    ClosePayload.decode(bytes.order(java.nio.ByteOrder.LITTLE_ENDIAN)));
            assertFalse(bytes.hasRemaining());
        }
    }

    private static void assertViolation(int code, String rule, String hex) {
        ByteBuffer payload = Hex.buffer(hex);
        ProtocolException e = assertThrows(ProtocolException.class, () -> ClosePayload.decode(payload));
        assertEquals(rule, e.getMessage());
        assertEquals(code, e.closeCode().value());
        assertFalse(payload.hasRemaining(), "used up");
    }

    @Nested
    class Bad {
        @Test
        void oneByte() {
            assertViolation(1002, "a close payload of one byte holds no code", "03");
        }

        @Test
        void moreThan125Bytes() {
            assertViolation(1002, "a control frame holds at most 125 bytes", "03e8" + "78".repeat(124));
        }

        @Test
        void codesThatOnlyStandForSomethingLocally() {
            assertViolation(1002, "the close code must not be sent: 1004", "03ec");
            assertViolation(1002, "the close code must not be sent: 1005", "03ed");
            assertViolation(1002, "the close code must not be sent: 1006", "03ee");
            assertViolation(1002, "the close code must not be sent: 1015", "03f7");
        }

        @Test
        void reasonsThatAreNotUtf8() {
            String rule = "the close reason is not UTF-8";
            assertViolation(1007, rule, "03e8 ff");
            assertViolation(1007, rule, "03e8 61 e282"); // cut
            assertViolation(1007, rule, "03e8 c080"); // overlong
            assertViolation(1007, rule, "03e8 eda080"); // surrogate
            assertViolation(1007, rule, "03e8 f4908080"); // beyond U+10FFFF
        }

        @Test
        void aBadCodeIsReportedBeforeABadReason() {
            assertViolation(1002, "the close code must not be sent: 999", "03e7 ff");
        }
    }

    @Nested
    class Encoding {
        private static void refused(String message, CloseCode code, String reason) {
            assertEquals(
                    message,
                    assertThrows(IllegalArgumentException.class, () -> new ClosePayload(code, reason))
                            .getMessage());
        }

        @Test
        void codesThatMustNotBeSentAreRefused() {
            refused("close code 1006 must not be sent", CloseCode.ABNORMAL_CLOSURE, "");
            refused("a close reason needs a code", CloseCode.NO_STATUS_RECEIVED, "why");
            refused("the close reason holds a lone surrogate", CloseCode.NORMAL_CLOSURE, "a\uD800b");
            refused("a close reason has at most 123 bytes in UTF-8", CloseCode.NORMAL_CLOSURE, "é".repeat(62));
        }

        @Test
        void cuttingStopsBetweenCodePoints() {
            assertEquals("x".repeat(123), cut("x".repeat(124)));
            assertEquals("é".repeat(61), cut("é".repeat(62)));
            assertEquals("€".repeat(41), cut("€".repeat(42)));
            assertEquals("😀".repeat(30), cut("😀".repeat(31)));
            assertEquals("x".repeat(122), cut("x".repeat(122) + "é"));
            assertEquals("ok", cut("ok"));
            assertThrows(
                    IllegalArgumentException.class, () -> ClosePayload.cutToFit(CloseCode.NORMAL_CLOSURE, "\uDC00"));
        }

        private static String cut(String reason) {
            return ClosePayload.cutToFit(CloseCode.NORMAL_CLOSURE, reason).reason();
        }

        @Test
        void aCodeHas16Bits() {
            assertThrows(IllegalArgumentException.class, () -> new CloseCode(-1));
            assertThrows(IllegalArgumentException.class, () -> new CloseCode(65_536));
            assertEquals("4000", new CloseCode(4000).toString());
            assertTrue(new CloseCode(4000).isSendable());
        }

        @Test
        void anExceptionHasACodeThatMayBeSent() {
            assertThrows(
                    IllegalArgumentException.class, () -> ExtensionViolation.of("x.y", CloseCode.ABNORMAL_CLOSURE, ""));
        }
    }
}
