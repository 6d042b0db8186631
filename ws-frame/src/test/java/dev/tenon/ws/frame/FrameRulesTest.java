package dev.tenon.ws.frame;

import static dev.tenon.ws.frame.Role.CLIENT;
import static dev.tenon.ws.frame.Role.SERVER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FrameRulesTest {
    private static final FrameRules SERVER_RULES = FrameRules.receivedBy(SERVER);

    private static FirstByte firstByte(int firstByte) {
        return FirstByte.of(firstByte);
    }

    /** If several rules are broken at once, the first of them in the order of the enum is reported. */
    @Test
    void theFirstBrokenRuleIsNamed() {
        FrameRules rules = SERVER_RULES.withMaxPayloadLength(1000);
        assertEquals(FrameViolation.RSV_NOT_NEGOTIATED, rules.check(firstByte(0x7B), false, -1, 8));
        assertEquals(FrameViolation.OPCODE_NOT_NEGOTIATED, rules.check(firstByte(0x0B), false, -1, 8));
        assertEquals(FrameViolation.CONTROL_FRAME_FRAGMENTED, rules.check(firstByte(0x09), false, -1, 8));
        assertEquals(FrameViolation.CONTROL_FRAME_TOO_LONG, rules.check(firstByte(0x89), false, -1, 8));
        assertEquals(FrameViolation.MASK_MISSING, rules.check(firstByte(0x81), false, -1, 8));
        assertEquals(
                FrameViolation.MASK_FORBIDDEN, FrameRules.receivedBy(CLIENT).check(firstByte(0x81), true, -1, 8));
        assertEquals(FrameViolation.LENGTH_TOP_BIT_SET, rules.check(firstByte(0x81), true, -1, 8));
        assertEquals(FrameViolation.LENGTH_NOT_MINIMAL, rules.check(firstByte(0x81), true, 1001, 8));
        assertEquals(FrameViolation.FRAME_TOO_LONG, rules.check(firstByte(0x81), true, 1001, 2));
        assertNull(rules.check(firstByte(0x81), true, 1000, 2));
    }

    @Test
    void aShortControlLengthInAnExtendedFormIsNotMinimalRatherThanTooLong() {
        assertEquals(FrameViolation.LENGTH_NOT_MINIMAL, SERVER_RULES.check(firstByte(0x89), true, 125, 2));
        assertEquals(FrameViolation.LENGTH_NOT_MINIMAL, SERVER_RULES.check(firstByte(0x89), true, 0, 8));
        assertEquals(FrameViolation.CONTROL_FRAME_TOO_LONG, SERVER_RULES.check(firstByte(0x89), true, 126, 2));
        assertEquals(FrameViolation.CONTROL_FRAME_TOO_LONG, SERVER_RULES.check(firstByte(0x89), true, 126, 8));
    }

    @Test
    void anInspectorAcceptsMaskedAndUnmaskedFrames() {
        for (FrameRules rules : new FrameRules[] {SERVER_RULES, FrameRules.receivedBy(CLIENT)}) {
            FrameRules either = rules.withAnyMasking().withMaxPayloadLength(10).withOwned(4, Set.of(Opcode.RESERVED_3));
            for (boolean masked : new boolean[] {false, true}) {
                assertNull(either.check(firstByte(0x81), masked, 10, 0));
                assertEquals(FrameViolation.FRAME_TOO_LONG, either.check(firstByte(0x81), masked, 11, 0));
                assertEquals(FrameViolation.LENGTH_TOP_BIT_SET, either.check(firstByte(0x81), masked, -1, 8));
            }
        }
    }

    @Test
    void rulesAreEqualIfTheyAcceptTheSame() {
        FrameRules rules = SERVER_RULES.withMaxPayloadLength(10).withOwned(4, Set.of(Opcode.RESERVED_3));
        FrameRules same = SERVER_RULES.withOwned(4, Set.of(Opcode.RESERVED_3)).withMaxPayloadLength(10);
        assertEquals(rules, same);
        assertEquals(rules.hashCode(), same.hashCode());
        for (FrameRules other : List.of(
                rules.withMaxPayloadLength(11),
                rules.withOwned(2, Set.of()),
                rules.withOwned(0, Set.of(Opcode.RESERVED_4)),
                rules.withAnyMasking(),
                FrameRules.receivedBy(CLIENT).withMaxPayloadLength(10).withOwned(4, Set.of(Opcode.RESERVED_3)))) {
            assertNotEquals(rules, other);
        }
    }

    @Test
    void ownersAddUp() {
        FrameRules rules = SERVER_RULES
                .withOwned(FirstByte.RSV1, Set.of(Opcode.RESERVED_3))
                .withOwned(FirstByte.RSV2, Set.of(Opcode.RESERVED_B));
        assertNull(rules.check(firstByte(0xC3), true, 1, 0));
        assertNull(rules.check(firstByte(0xEB), true, 1, 0));
        assertEquals(FrameViolation.RSV_NOT_NEGOTIATED, rules.check(firstByte(0x91), true, 1, 0));
        assertEquals(FrameViolation.OPCODE_NOT_NEGOTIATED, rules.check(firstByte(0x84), true, 1, 0));
        assertEquals(FrameViolation.RSV_NOT_NEGOTIATED, SERVER_RULES.check(firstByte(0xC1), true, 1, 0), "immutable");
    }

    @Test
    void controlRulesHoldForClaimedOpcodesToo() {
        FrameRules rules = SERVER_RULES.withOwned(0, Set.of(Opcode.RESERVED_C));
        assertEquals(FrameViolation.CONTROL_FRAME_FRAGMENTED, rules.check(firstByte(0x0C), true, 1, 0));
        assertEquals(FrameViolation.CONTROL_FRAME_TOO_LONG, rules.check(firstByte(0x8C), true, 126, 2));
    }

    @Test
    void derivedRulesKeepTheOthers() {
        FrameRules rules = SERVER_RULES.withOwned(FirstByte.RSV1, Set.of()).withMaxPayloadLength(7);
        assertEquals(7, rules.maxPayloadLength());
        assertNull(rules.check(firstByte(0xC1), true, 7, 0));
        assertEquals(7, rules.withOwned(0, Set.of()).maxPayloadLength());
        assertEquals(FrameViolation.MASK_MISSING, rules.check(firstByte(0xC1), false, 7, 0));
        assertEquals(Long.MAX_VALUE, SERVER_RULES.maxPayloadLength());
    }

    @Test
    void onlyTheLengthLimitIsAnsweredWith1009() {
        for (FrameViolation violation : FrameViolation.values()) {
            int code = violation == FrameViolation.FRAME_TOO_LONG ? 1009 : 1002;
            assertEquals(code, violation.closeCode().value());
            ProtocolException e = violation.toException();
            assertEquals(code, e.closeCode().value());
            assertEquals(violation.description(), e.getMessage());
        }
    }

    @Test
    void misuseIsNamed() {
        assertEquals(
                "a payload length is not negative: -1",
                assertThrows(IllegalArgumentException.class, () -> SERVER_RULES.withMaxPayloadLength(-1))
                        .getMessage());
        assertEquals(
                "RSV1-3 are three bits, not 8",
                assertThrows(IllegalArgumentException.class, () -> SERVER_RULES.withOwned(8, Set.of()))
                        .getMessage());
    }
}
