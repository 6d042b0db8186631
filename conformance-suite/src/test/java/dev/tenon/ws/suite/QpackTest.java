package dev.tenon.ws.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The example of RFC 9204 Appendix B without a dynamic table, fields of each form, and malformed blocks. */
class QpackTest {
    private static List<Field> decode(String hex) throws IOException {
        return Qpack.decode(Octets.hex(hex));
    }

    @Test
    void aLiteralWithANameOfTheTable() throws IOException {
        assertEquals(List.of(new Field(":path", "/index.html")), decode("0000510b2f696e6465782e68746d6c"));
    }

    @ParameterizedTest
    @CsvSource({
        "c0, :authority, ''",
        "cf, :method, CONNECT",
        "d9, :status, 200",
        "d8, :status, 103",
        "ff00, :status, 100",
        "ff23, x-frame-options, sameorigin"
    })
    void entriesOfTheTable(String hex, String name, String value) throws IOException {
        assertEquals(List.of(new Field(name, value)), decode("0000" + hex));
    }

    @Test
    void aTextInHuffmanCode() throws IOException {
        assertEquals(List.of(new Field(":authority", "www.example.com")), decode("0000508cf1e3c2e5f23a6ba0ab90f4ff"));
    }

    @Test
    void encodedFieldsAreDecoded() throws IOException {
        List<Field> fields =
                List.of(new Field(":method", "CONNECT"), new Field("x", ""), new Field("long-name", "v".repeat(300)));
        assertEquals(fields, Qpack.decode(Qpack.encode(fields)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "00", "0200", "000080", "000010", "000000", "0000ff24", "0000ff", "00002361", "0000510b2f"})
    void aMalformedBlockIsRefused(String hex) {
        assertThrows(IOException.class, () -> decode(hex));
    }
}
