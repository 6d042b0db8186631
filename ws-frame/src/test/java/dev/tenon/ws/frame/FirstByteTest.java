package dev.tenon.ws.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class FirstByteTest {
    @Test
    void everyValueHasTheFieldsOfItsBits() {
        for (int b = 0; b < 256; b++) {
            FirstByte firstByte = FirstByte.of(b);
            assertEquals(b, firstByte.value());
            assertEquals((b & 0x80) != 0, firstByte.fin());
            assertEquals((b & 0x40) != 0, firstByte.rsv1());
            assertEquals((b & 0x20) != 0, firstByte.rsv2());
            assertEquals((b & 0x10) != 0, firstByte.rsv3());
            assertEquals((b >> 4) & 7, firstByte.rsv());
            assertEquals(b & 0xF, firstByte.opcode().code());
            assertSame(firstByte, FirstByte.of((byte) b));
        }
    }

    @Test
    void everyBitCanBeReplaced() {
        for (int b = 0; b < 256; b++) {
            FirstByte firstByte = FirstByte.of(b);
            assertSame(FirstByte.of(b | 0x80), firstByte.withFin(true));
            assertSame(FirstByte.of(b & 0x7F), firstByte.withFin(false));
            for (int rsv = 0; rsv < 8; rsv++) {
                assertSame(FirstByte.of((b & 0x8F) | (rsv << 4)), firstByte.withRsv(rsv));
            }
            for (int code = 0; code < 16; code++) {
                assertSame(FirstByte.of((b & 0xF0) | code), firstByte.withOpcode(Opcode.of(code)));
            }
        }
    }

    @Test
    void anOpcodeAloneHasNoRsvBits() {
        assertEquals(0x81, FirstByte.of(true, Opcode.TEXT).value());
        assertEquals(0x00, FirstByte.of(false, Opcode.CONTINUATION).value());
        assertEquals("FIN PING", FirstByte.of(true, Opcode.PING).toString());
        assertEquals("RSV1 RSV2 RSV3 RESERVED_7", FirstByte.of(0x77).toString());
    }

    @Test
    void opcodesKnowTheirKind() {
        for (int code = 0; code < 16; code++) {
            Opcode opcode = Opcode.of(code);
            assertEquals(code >= 8, opcode.isControl());
            assertEquals((code >= 3 && code <= 7) || code >= 11, opcode.isReserved());
        }
        assertEquals(Opcode.TEXT, Opcode.of(1));
        assertEquals(Opcode.CLOSE, Opcode.of(8));
        assertEquals(Opcode.PING, Opcode.of(9));
        assertEquals(Opcode.PONG, Opcode.of(10));
    }

    @Test
    void rolesFaceEachOther() {
        assertEquals(Role.SERVER, Role.CLIENT.peer());
        assertEquals(Role.CLIENT, Role.SERVER.peer());
    }

    @Test
    void misuseIsNamed() {
        assertThrows(IllegalArgumentException.class, () -> FirstByte.of(0).withRsv(8));
        assertThrows(IllegalArgumentException.class, () -> Opcode.of(16));
        assertThrows(IllegalArgumentException.class, () -> Opcode.of(-1));
    }
}
