package dev.tenon.ws.handshake;

import static dev.tenon.ws.handshake.Samples.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpBodyReaderTest {
    private static final Headers CHUNKED = Headers.of("Transfer-Encoding", "Chunked");

    private static HttpBodyReader post(int limit, String... headers) {
        return HttpBodyReader.of(new HttpRequest("POST", "/", HttpVersion.HTTP_1_1, Headers.of(headers)), limit);
    }

    @Test
    void aRequestWithoutALengthHasNoBody() {
        ByteBuffer next = ByteBuffer.wrap(bytes("GET"));
        assertTrue(post(9).read(next));
        assertEquals(3, next.remaining());
    }

    @ParameterizedTest
    @CsvSource({
        "3, 3, abc, false, 2",
        "5, 5, abcde, false, 0",
        "4, 3, abc, true, 2",
        "0, 0, '', false, 5",
        "1, 0, '', true, 5"
    })
    void aLengthIsReadUpToTheLimit(String length, int limit, String body, boolean truncated, int left) {
        HttpBodyReader reader = post(limit, "Content-Length", length);
        ByteBuffer input = ByteBuffer.wrap(bytes("abcde"));
        assertTrue(reader.read(input));
        assertEquals(body, Samples.text(reader.body()));
        assertEquals(truncated, reader.isTruncated());
        assertEquals(left, input.remaining());
    }

    @Test
    void memoryDoesNotDependOnTheDeclaredLength() {
        HttpBodyReader reader = post(Integer.MAX_VALUE, "Content-Length", "999999999999999999");
        assertFalse(reader.read(ByteBuffer.wrap(bytes("a"))));
        assertTrue(reader.endOfInput().isTruncated());
        assertEquals("a", Samples.text(reader.body()));
    }

    @ParameterizedTest
    @CsvSource({
        "'3\r\nabc\r\n0\r\n\r\n', abc",
        "'0\r\n\r\n', ''",
        "'00a;x=\"y\"\r\n0123456789\r\n1 ;z=\"\\\"\";y=\"\"\r\n-\r\n000\r\nTrailer: t\r\nU: u\r\n\r\n', 0123456789-",
        "'A\r\n\r\n\r\n\r\n\r\n\r\n\r\n0\r\n\r\n', '\r\n\r\n\r\n\r\n\r\n'",
    })
    void chunksAreJoined(String chunks, String body) {
        HttpBodyReader reader = HttpBodyReader.of(HttpResponse.of(500, CHUNKED), 100);
        ByteBuffer input = ByteBuffer.wrap(bytes(chunks + "next"));
        assertTrue(reader.read(input));
        assertEquals(body, Samples.text(reader.body()));
        assertFalse(reader.isTruncated());
        assertEquals(4, input.remaining());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\r\n",
                "g\r\n",
                "-1\r\n",
                "0x1\r\n",
                "1 1\r\n",
                " 1\r\n",
                "1\n",
                "1\r1",
                "1\r\nab\r\n",
                "1\r\na\n",
                "\u0661\r\n",
                "1000000000000000\r\n",
                "1;a=\"b\r\n",
                "1;a=\"b\\\"\r\n",
                "1;a=\u0000\r\n",
                "0\r\n\n",
                "0\r\na: b\n"
            })
    void malformedChunksAreRefused(String chunks) {
        HttpBodyReader reader = post(100, "Transfer-Encoding", "chunked");
        ByteBuffer input = ByteBuffer.wrap(bytes(chunks));
        assertEquals(
                400,
                assertThrows(HandshakeException.class, () -> reader.read(input)).status());
    }

    @Test
    void linesBetweenChunksAreLimited() {
        HttpBodyReader extension = post(100, "Transfer-Encoding", "chunked");
        ByteBuffer line = ByteBuffer.wrap(bytes("1;" + "x".repeat(300)));
        assertThrows(HandshakeException.class, () -> extension.read(line));
        HttpBodyReader trailer = post(100, "Transfer-Encoding", "chunked");
        ByteBuffer lines = ByteBuffer.wrap(bytes("0\r\n" + "a: b\r\n".repeat(2000)));
        assertThrows(HandshakeException.class, () -> trailer.read(lines));
    }

    @Test
    void chunksAreReadUpToTheLimit() {
        HttpBodyReader reader = post(4, "Transfer-Encoding", "chunked");
        assertTrue(reader.read(ByteBuffer.wrap(bytes("3\r\nabc\r\n3\r\ndef\r\n"))));
        assertTrue(reader.isTruncated());
        assertEquals("abcd", Samples.text(reader.body()));
    }

    @Test
    void aResponseWithoutALengthEndsWithTheConnection() {
        HttpBodyReader reader = HttpBodyReader.of(HttpResponse.of(500, Headers.empty()), 100);
        assertFalse(reader.read(ByteBuffer.wrap(bytes("abc"))));
        assertFalse(reader.endOfInput().isTruncated());
        assertEquals("abc", Samples.text(reader.body()));
        HttpBodyReader cut = HttpBodyReader.of(HttpResponse.of(500, CHUNKED), 100);
        assertFalse(cut.read(ByteBuffer.wrap(bytes("3\r\nab"))));
        assertTrue(cut.endOfInput().isTruncated());
    }

    @ParameterizedTest
    @ValueSource(ints = {101, 204, 304})
    void someResponsesNeverHaveABody(int status) {
        HttpResponse response = HttpResponse.of(status, Headers.of("Content-Length", "5"));
        assertTrue(HttpBodyReader.of(response, 9).read(ByteBuffer.allocate(0)));
    }

    @Test
    void requestsMustDeclareTheirLengthInOneWay() {
        assertThrows(HandshakeException.class, () -> post(1, "Content-Length", "1", "Content-Length", "1"));
        assertThrows(HandshakeException.class, () -> post(1, "Transfer-Encoding", "gzip"));
        assertThrows(HandshakeException.class, () -> post(1, "Transfer-Encoding", "chunked, xchunked"));
        assertThrows(
                HandshakeException.class,
                () -> post(1, "Transfer-Encoding", "chunked", "Transfer-Encoding", "chunked"));
        assertThrows(IllegalArgumentException.class, () -> post(-1));
    }
}
