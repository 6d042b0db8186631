package dev.tenon.ws.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Counts how often a byte of a ClientHello is looked at or moved: a constant per byte, for any records. */
class ClientHelloTest {
    private static void assertLinear(String host, ByteBuffer records) {
        ClientHello hello = new ClientHello();
        assertEquals(host, ClientHelloProperties.byteByByte(hello, records));
        assertTrue(hello.steps() <= 4 * records.limit(), () -> hello.steps() + " steps for " + records.limit());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 16_384})
    void theWorkIsLinearIfBytesArriveOneByOne(int recordLength) {
        int length = ClientHello.LIMIT / (recordLength == 1 ? ClientHelloProperties.HEADER + 1 : 2);
        byte[] padded = Arrays.copyOf(ClientHelloProperties.hello("tenon.example", "TLSv1.3"), length);
        ByteBuffer.wrap(padded)
                .putInt(ClientHelloProperties.HEADER, (1 << 24) | (padded.length - ClientHelloProperties.HEADER - 4));
        assertLinear("tenon.example", ClientHelloProperties.fragmented(padded, recordLength));
    }

    @Test
    void theWorkIsLinearInEmptyRecords() {
        ByteBuffer records = ByteBuffer.allocate(ClientHello.LIMIT);
        while (records.remaining() >= ClientHelloProperties.HEADER) {
            records.put(new byte[] {22, 3, 1, 0, 0});
        }
        assertLinear("", records.clear());
    }
}
