package dev.tenon.ws.examples.crc;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tenon.ws.extension.Extension;
import dev.tenon.ws.extension.ExtensionContext;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.extension.SendMode;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.frame.FirstByte;
import dev.tenon.ws.frame.FrameHandler;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.frame.ProtocolException;
import dev.tenon.ws.frame.Role;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class Crc32cTest {
    private static final FirstByte TEXT = FirstByte.of(true, Opcode.TEXT);
    private static final FirstByte SUMMED = TEXT.withRsv(FirstByte.RSV2);

    private final StringBuilder seen = new StringBuilder();
    private final FrameHandler recorder = (firstByte, payload, end) -> {
        byte[] bytes = new byte[payload.remaining()];
        payload.get(bytes);
        seen.append(firstByte)
                .append(' ')
                .append(HexFormat.of().formatHex(bytes))
                .append(end ? "." : " ");
    };
    private final Extension extension = Extensions.of(new Crc32cProvider())
            .accept(new Crc32cProvider().offers())
            .get(0)
            .open(new ExtensionContext(Role.SERVER, 1000));

    @Test
    void theChecksumPrecedesThePayload() { // CRC32C("123456789") = e3069283: RFC 3720 §B.4's polynomial
        extension
                .outbound((firstByte, payload, end, mode) -> recorder.onFrame(firstByte, payload, end))
                .onFrame(TEXT, US_ASCII.encode("123456789"), true, SendMode.DEFAULT);
        assertEquals("FIN RSV2 TEXT e3069283 FIN RSV2 TEXT 313233343536373839.", seen.toString());
    }

    @Test
    void aCorrectPayloadIsPassedOnWithoutTheChecksum() {
        receive("e3069283313233343536373839");
        assertEquals("FIN TEXT 313233343536373839.", seen.toString());
    }

    @Test
    void aWrongChecksumFailsWith1002() {
        assertFails("e3069283313233343536373838");
        assertFails("e30692");
    }

    private void assertFails(String hex) {
        ProtocolException e = assertThrows(ProtocolException.class, () -> receive(hex));
        assertEquals(CloseCode.PROTOCOL_ERROR, e.closeCode());
    }

    private void receive(String hex) {
        extension
                .inbound(recorder)
                .onFrame(SUMMED, ByteBuffer.wrap(HexFormat.of().parseHex(hex)), true);
    }
}
