package dev.tenon.ws.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class FrameHeaderTest {
    @Test
    void everyValueSaysWhatItsBitsSay() {
        for (int b = 0; b < 256; b++) {
            FrameHeader header = FrameHeader.of(b);
            assertEquals(b, header.firstByte());
            assertEquals((b & 0x80) != 0, header.fin());
            assertEquals((b & 0x40) != 0, header.rsv1());
            assertEquals((b & 0x20) != 0, header.rsv2());
            assertEquals((b & 0x10) != 0, header.rsv3());
            assertEquals((b >> 4) & 7, header.rsv());
            assertEquals(b & 0xF, header.opcode().code());
            assertSame(header, FrameHeader.of((byte) b));
        }
    }

    @Test
    void everyBitCanBeReplaced() {
        for (int b = 0; b < 256; b++) {
            FrameHeader header = FrameHeader.of(b);
            assertSame(FrameHeader.of(b | 0x80), header.withFin(true));
            assertSame(FrameHeader.of(b & 0x7F), header.withFin(false));
            for (int rsv = 0; rsv < 8; rsv++) {
                assertSame(FrameHeader.of((b & 0x8F) | (rsv << 4)), header.withRsv(rsv));
            }
            for (int code = 0; code < 16; code++) {
                assertSame(FrameHeader.of((b & 0xF0) | code), header.withOpcode(Opcode.of(code)));
            }
        }
    }

    @Test
    void anOpcodeAloneHasNoRsvBits() {
        assertEquals(0x81, FrameHeader.of(true, Opcode.TEXT).firstByte());
        assertEquals(0x00, FrameHeader.of(false, Opcode.CONTINUATION).firstByte());
        assertEquals("FIN PING", FrameHeader.of(true, Opcode.PING).toString());
        assertEquals("RSV1 RSV2 RSV3 RESERVED_7", FrameHeader.of(0x77).toString());
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
        assertThrows(IllegalArgumentException.class, () -> FrameHeader.of(0).withRsv(8));
        assertThrows(IllegalArgumentException.class, () -> Opcode.of(16));
        assertThrows(IllegalArgumentException.class, () -> Opcode.of(-1));
    }
}
