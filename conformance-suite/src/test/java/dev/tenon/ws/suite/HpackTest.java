package dev.tenon.ws.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples of RFC 7541 Appendix C, and malformed blocks. */
class HpackTest {
    private static List<Field> decode(Hpack hpack, String hex) throws IOException {
        return hpack.decode(Octets.hex(hex));
    }

    @Test
    void responsesInHuffmanCodeWithATableThatEvicts() throws IOException {
        Hpack hpack = new Hpack();
        assertEquals(List.of(), decode(hpack, "3fe101")); // C.6 has a table of 256 bytes
        assertEquals(
                List.of(
                        new Field(":status", "302"),
                        new Field("cache-control", "private"),
                        new Field("date", "Mon, 21 Oct 2013 20:13:21 GMT"),
                        new Field("location", "https://www.example.com")),
                decode(
                        hpack,
                        "488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff"
                                + "6e919d29ad171863c78f0b97c8e9ae82ae43d3"));
        assertEquals(
                List.of(
                        new Field(":status", "307"),
                        new Field("cache-control", "private"),
                        new Field("date", "Mon, 21 Oct 2013 20:13:21 GMT"),
                        new Field("location", "https://www.example.com")),
                decode(hpack, "4883640effc1c0bf"));
        assertEquals(
                List.of(
                        new Field(":status", "200"),
                        new Field("cache-control", "private"),
                        new Field("date", "Mon, 21 Oct 2013 20:13:22 GMT"),
                        new Field("location", "https://www.example.com"),
                        new Field("content-encoding", "gzip"),
                        new Field("set-cookie", "foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1")),
                decode(
                        hpack,
                        "88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad"
                                + "94e7821dd7f2e6c7b335dfdfcd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007"));
    }

    @Test
    void literals() throws IOException {
        assertEquals(
                List.of(new Field("custom-key", "custom-header")),
                decode(new Hpack(), "400a637573746f6d2d6b65790d637573746f6d2d686561646572"));
        assertEquals(List.of(new Field(":path", "/sample/path")), decode(new Hpack(), "040c2f73616d706c652f70617468"));
        assertEquals(
                List.of(new Field("password", "secret")), decode(new Hpack(), "100870617373776f726406736563726574"));
        assertEquals(List.of(new Field(":method", "GET")), decode(new Hpack(), "82"));
    }

    @Test
    void decodingInvertsEncoding() throws IOException {
        List<Field> fields = List.of(new Field(":path", "/"), new Field("x", "y".repeat(1000)), new Field("e", ""));
        assertEquals(fields, new Hpack().decode(Hpack.encode(fields)));
    }

    /** Symbols with long codes, each followed by padding. */
    @ParameterizedTest
    @CsvSource({"'!', fe3f", "'\\', fffe1f", "'\u00ff', fffffbbf", "'\n', fffffff3", "'\u0000', ffc7", "'~', ffef"})
    void longCodes(String symbol, String hex) throws IOException {
        assertEquals(symbol, Huffman.decode(Octets.hex(hex)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"fffffffc", "00", "ffff", "06"})
    void wrongPaddingIsNoHuffmanCode(String hex) {
        assertThrows(IOException.class, () -> Huffman.decode(Octets.hex(hex)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"80", "be", "ffffffff7f", "400a6375", "3fe2ff03", "40"})
    void malformedBlocksAreRefused(String hex) {
        assertThrows(IOException.class, () -> decode(new Hpack(), hex));
    }
}
