package dev.tenon.ws.handshake;

import static dev.tenon.ws.handshake.Samples.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpHeadParserTest {
    private static HttpRequest request(String head) {
        HttpRequest request = HttpHeadParser.forRequests(HeadLimits.DEFAULT).parse(ByteBuffer.wrap(bytes(head)));
        assertNotNull(request);
        return request;
    }

    private static HttpResponse response(String head) {
        HttpResponse response = HttpHeadParser.forResponses(HeadLimits.DEFAULT).parse(ByteBuffer.wrap(bytes(head)));
        assertNotNull(response);
        return response;
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "GET, /, /, -, a",
                "HEAD, /a/b?c=d&e=f?g, /a/b, c=d&e=f?g, a",
                "POST, /?, /, '', a",
                "GET, /%C3%BC?a[]={|}^`\\, /%C3%BC, a[]={|}^`\\, a", // as browsers send it
                "GET, //evil.org/x, //evil.org/x, -, a",
                "OPTIONS, *, *, -, a",
                "CONNECT, b:443, b:443, -, a",
                "CONNECT, [::1]:443, [::1]:443, -, a",
                "GET, http://b:81/x?y, /x, y, b:81",
                "GET, HTTP://b?y/z, /, y/z, b",
                "GET, https://b, /, -, b",
                "GET, wss://[::1]:8/x, /x, -, [::1]:8",
            })
    void everyMethodAndFormOfTargetIsRead(String method, String target, String path, String query, String authority) {
        HttpRequest request = request(method + " " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
        assertEquals(method, request.method());
        assertEquals(target, request.target());
        assertEquals(path, request.path());
        assertEquals(query, request.query());
        assertEquals(authority, request.authority());
        assertFalse(ServerHandshake.isUpgrade(request));
        assertEquals(request, request(Samples.text(request.encode())));
    }

    @Test
    void http10NeedsNoHost() {
        HttpRequest request = request("GET / HTTP/1.0\r\n\r\n");
        assertEquals(HttpVersion.HTTP_1_0, request.version());
        assertNull(request.authority());
    }

    @Test
    void emptyLinesBeforeARequestAreSkipped() { // RFC 9112 §2.2
        assertEquals("/", request("\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n").path());
    }

    @Test
    void emptyLinesBehindABodyAreNotTheStartOfARequest() { // RFC 9112 §2.2
        HttpHeadParser<HttpRequest> parser = HttpHeadParser.forRequests(HeadLimits.DEFAULT);
        assertNotNull(parser.parse(ByteBuffer.wrap(bytes("GET / HTTP/1.1\r\nHost: a\r\n\r\n"))));
        for (String piece : new String[] {"\r", "\n", "\r\n\r\n", "\r"}) {
            assertNull(parser.parse(ByteBuffer.wrap(bytes(piece))));
            assertTrue(parser.isBetweenHeads(), "after an empty line");
        }
        assertNull(parser.parse(ByteBuffer.wrap(bytes("\nG"))));
        assertFalse(parser.isBetweenHeads(), "inside a request");
        HttpHeadParser<HttpResponse> responses = HttpHeadParser.forResponses(HeadLimits.DEFAULT);
        assertNull(responses.parse(ByteBuffer.wrap(bytes("\r"))));
        assertFalse(responses.isBetweenHeads(), "no empty line may precede a response");
    }

    @Test
    void aFoldedLineOfAResponseIsJoinedWithASpace() { // RFC 9112 §5.2
        Headers headers = response("HTTP/1.1 200 OK\r\nA: b \r\n \t c\r\n\t\r\n  d \r\nE: f\r\nG:\r\n h\r\n\r\n")
                .headers();
        assertEquals(Headers.of("A", "b c  d", "E", "f", "G", "h"), headers);
    }

    @Test
    void foldedLinesAreReadInLinearTime() {
        HttpHeadParser<HttpResponse> parser = HttpHeadParser.forResponses(HeadLimits.RESPONSES);
        byte[] head = bytes("HTTP/1.1 200 OK\r\nA: b\r\n" + " c\r\n".repeat(16_000) + "\r\n");
        assertNotNull(parser.parse(ByteBuffer.wrap(head)));
        assertTrue(parser.steps() < 20L * head.length, () -> "" + parser.steps());
    }

    @Test
    void valuesAreTrimmedAndKeepTheirOctets() {
        Headers headers = request("GET / HTTP/1.1\r\nHost:a\r\nX: \t b \t c \t \r\nY:\r\nZ: \u00e9\u0080\r\n\r\n")
                .headers();
        assertEquals("b \t c", headers.first("x"));
        assertEquals("", headers.first("y"));
        assertEquals("\u00e9\u0080", headers.first("z"));
    }

    @Test
    void headsFollowEachOtherWithBodiesBetween() {
        HttpHeadParser<HttpRequest> parser = HttpHeadParser.forRequests(HeadLimits.DEFAULT);
        ByteBuffer input = ByteBuffer.wrap(
                        bytes(
                                "xxPOST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabcGET /b HTTP/1.1\r\nHost: a\r\n\r\nG"))
                .position(2)
                .asReadOnlyBuffer();
        assertTrue(parser.isBetweenHeads());
        HttpRequest post = parser.parse(input);
        assertNotNull(post);
        assertTrue(parser.isBetweenHeads());
        HttpBodyReader body = HttpBodyReader.of(post, 100);
        assertTrue(body.read(input));
        assertEquals("abc", Samples.text(body.body()));
        HttpRequest get = parser.parse(input);
        assertNotNull(get);
        assertEquals("/b", get.path());
        assertEquals(1, get.headers().size());
        assertNull(parser.parse(input));
        assertFalse(parser.isBetweenHeads());
    }

    @Test
    void directBuffersAreReadToo() {
        byte[] head = bytes("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        ByteBuffer input = ByteBuffer.allocateDirect(head.length).put(head).flip();
        assertNotNull(HttpHeadParser.forRequests(HeadLimits.DEFAULT).parse(input));
    }

    @Test
    void limitsAreExact() {
        String head = "GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n\r\n";
        int length = head.length();
        assertNotNull(HttpHeadParser.forRequests(new HeadLimits(length, 14, 2)).parse(ByteBuffer.wrap(bytes(head))));
        assertStatus(431, head, new HeadLimits(length - 1, 14, 2));
        assertStatus(414, head, new HeadLimits(length, 13, 2));
        assertStatus(431, head, new HeadLimits(length, 14, 1));
        assertThrows(IllegalArgumentException.class, () -> new HeadLimits(1, 0, 1));
    }

    private static void assertStatus(int status, String head, HeadLimits limits) {
        HttpHeadParser<HttpRequest> parser = HttpHeadParser.forRequests(limits);
        ByteBuffer input = ByteBuffer.wrap(bytes(head));
        HandshakeException e = assertThrows(HandshakeException.class, () -> parser.parse(input));
        assertEquals(status, e.status());
        assertEquals(e, assertThrows(HandshakeException.class, () -> parser.parse(input)), "again");
        assertFalse(parser.isBetweenHeads());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"HTTP/1.0 200 Connection established\r\n\r\n", "HTTP/1.1 200\r\n\r\n", "HTTP/1.1 200 \r\n\r\n"})
    void responsesOfProxiesAreRead(String head) {
        assertEquals(200, response(head).status());
    }

    @Test
    void aResponseIsReadAsItWasWritten() {
        HttpResponse response =
                new HttpResponse(299, "Fine \u00e9", Headers.of("A", "b", "a", "c"), ByteBuffer.allocate(0));
        HttpResponse read = response(Samples.text(response.encode()));
        assertEquals("Fine \u00e9", read.reason());
        assertEquals("A: b\na: c\nContent-Length: 0\n", read.headers().toString());
    }

    @Test
    void responsesThatWouldDesynchronizeAreNotWritten() {
        ByteBuffer body = ByteBuffer.wrap(bytes("abc"));
        Headers wrong = Headers.of("Content-Length", "2");
        assertThrows(
                IllegalStateException.class,
                () -> HttpResponse.of(200, wrong).withBody(body).encode());
        assertThrows(
                IllegalStateException.class,
                () -> HttpResponse.of(204, Headers.empty()).withBody(body).encode());
        assertThrows(IllegalArgumentException.class, () -> new HttpResponse(200, "OK\r\n", Headers.empty(), body));
        assertThrows(IllegalArgumentException.class, () -> HttpResponse.of(99, Headers.empty()));
        assertEquals(
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n",
                Samples.text(HttpResponse.of(200, wrong).encode()),
                "the response to HEAD");
    }

    @Test
    void theBodyOfAResponseCannotBeChanged() {
        ByteBuffer given = ByteBuffer.wrap(bytes("abc"));
        HttpResponse response = HttpResponse.of(200, Headers.empty()).withBody(given);
        given.put(0, (byte) 'x');
        assertEquals("abc", Samples.text(response.body()));
        assertEquals("abc", response.bodyText(), "again");
        assertTrue(response.body().isReadOnly());
    }

    @Test
    void requestsThatWouldDesynchronizeCannotBeMade() {
        for (String target : new String[] {"", "/a b", "/a\r\n", "/#", "/\u00e9"}) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new HttpRequest("GET", target, HttpVersion.HTTP_1_1, Headers.empty()));
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> new HttpRequest("GE T", "/", HttpVersion.HTTP_1_1, Headers.empty()));
    }
}
