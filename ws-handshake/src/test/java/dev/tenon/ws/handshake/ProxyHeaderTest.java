package dev.tenon.ws.handshake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyHeaderTest {
    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";

    private static ByteBuffer line(String text) {
        return ByteBuffer.wrap(text.getBytes(ISO_8859_1));
    }

    private static ByteBuffer hex(String text) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(text.replace(" ", "")));
    }

    @ParameterizedTest
    @CsvSource({
        "PROXY TCP4 203.0.113.7 192.0.2.1 56324 443, 203.0.113.7, 56324, 192.0.2.1, 443",
        "PROXY TCP6 2001:db8::17 2001:db8::1 1 65535, 2001:db8::17, 1, 2001:db8::1, 65535"
    })
    void version1NamesBothEnds(String text, String source, int sourcePort, String destination, int destinationPort)
            throws IOException {
        ByteBuffer input = line(text + "\r\nGET / HTTP/1.1\r\n");
        assertEquals(
                new ProxyHeader(
                        new InetSocketAddress(source, sourcePort), new InetSocketAddress(destination, destinationPort)),
                ProxyHeader.read(input));
        assertEquals('G', input.get());
    }

    @ParameterizedTest
    @ValueSource(strings = {"PROXY UNKNOWN\r\n", "PROXY UNKNOWN ffff::1 ffff::2 65535 65535\r\n"})
    void version1MayNotKnow(String text) throws IOException {
        assertEquals(new ProxyHeader(null, null), ProxyHeader.read(line(text)));
    }

    @Test
    void version2NamesBothEndsAndMaySayMore() throws IOException {
        ByteBuffer input = hex(SIGNATURE + "21 11 0013 cb007107 c0000201 dc04 01bb 04 0004 00000000 474554");
        assertEquals(
                new ProxyHeader(new InetSocketAddress("203.0.113.7", 56324), new InetSocketAddress("192.0.2.1", 443)),
                ProxyHeader.read(input));
        assertEquals('G', input.get());
        ByteBuffer six = hex(SIGNATURE + "21 21 0024 20010db8000000000000000000000017 20010db8000000000000000000000001"
                + "0001 01bb");
        assertEquals(
                new InetSocketAddress("2001:db8::17", 1),
                Objects.requireNonNull(ProxyHeader.read(six)).source());
    }

    @ParameterizedTest
    @ValueSource(strings = {"20 00 0000", "20 11 000c cb007107 c0000201 dc04 01bb", "21 00 0000", "21 31 0000"})
    void version2MayNotKnow(String rest) throws IOException {
        assertEquals(new ProxyHeader(null, null), ProxyHeader.read(hex(SIGNATURE + rest)));
    }

    @Test
    void aHeaderMayComeByteByByte() throws IOException {
        for (ByteBuffer whole : new ByteBuffer[] {
            line("PROXY TCP4 203.0.113.7 192.0.2.1 56324 443\r\n"),
            hex(SIGNATURE + "21 11 000c cb007107 c0000201 dc04 01bb")
        }) {
            for (int length = 0; length < whole.limit(); length++) {
                ByteBuffer part = whole.duplicate().limit(length);
                assertNull(ProxyHeader.read(part), "after " + length + " bytes");
                assertEquals(0, part.position());
            }
            assertEquals(
                    new InetSocketAddress("203.0.113.7", 56324),
                    Objects.requireNonNull(ProxyHeader.read(whole)).source());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n",
                "PROXY\r\n",
                "PROXY TCP4 203.0.113.7 192.0.2.1 56324 443\n",
                "PROXY TCP4 203.0.113.7 192.0.2.1 56324\r\n",
                "PROXY TCP4 203.0.113.7 192.0.2.1 56324 443 1\r\n",
                "PROXY TCP4 203.0.113.7 192.0.2.1 65536 443\r\n",
                "PROXY TCP4 203.0.113.7 192.0.2.1 -1 443\r\n",
                "PROXY TCP4 2001:db8::1 2001:db8::2 1 2\r\n",
                "PROXY TCP6 203.0.113.7 192.0.2.1 1 2\r\n",
                "PROXY TCP4 localhost 192.0.2.1 1 2\r\n",
                "PROXY UDP4 203.0.113.7 192.0.2.1 1 2\r\n",
                "PROXY  TCP4 203.0.113.7 192.0.2.1 1 2\r\n"
            })
    void aMalformedLineIsNoHeader(String text) {
        assertThrows(IOException.class, () -> ProxyHeader.read(line(text)));
    }

    @Test
    void aLineWithoutEndIsCutOff() {
        assertThrows(IOException.class, () -> ProxyHeader.read(line("PROXY UNKNOWN " + "x".repeat(200))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "22 11 000c cb007107 c0000201 dc04 01bb", // command 2
                "11 11 000c cb007107 c0000201 dc04 01bb", // version 1
                "21 11 000b cb007107 c0000201 dc04 01", // shorter than its addresses
                "21 11 ffff" // longer than the limit
            })
    void aMalformedBinaryHeaderIsNone(String rest) {
        assertThrows(IOException.class, () -> ProxyHeader.read(hex(SIGNATURE + rest)));
    }
}
