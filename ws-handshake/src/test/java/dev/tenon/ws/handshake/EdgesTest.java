package dev.tenon.ws.handshake;

import static dev.tenon.ws.handshake.Samples.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The first and last value of each range of characters, numbers and lengths, their neighbours, and the texts of
 * refusals.
 */
class EdgesTest {
    private static String refusal(IllegalArgumentException thrown) {
        return String.valueOf(thrown.getMessage());
    }

    // Characters

    @Test
    void aTargetIsVisibleAsciiFromEdgeToEdge() {
        assertTrue(HttpSyntax.isTarget("!\"~"));
        assertFalse(HttpSyntax.isTarget(""));
        for (String wrong : List.of(" ", "\u007F", "\u0080", "#", "\u0000")) {
            assertFalse(HttpSyntax.isTarget("/" + wrong), wrong);
        }
    }

    @Test
    void onlyTokenCharactersAreAccepted() {
        for (int c : new int[] {-1, 0, ' ', '"', '(', ')', ',', '/', ':', '@', '[', ']', '{', '}', 0x7F, 0x80, 0x100}) {
            assertFalse(HttpSyntax.isTokenChar(c), () -> "character " + c);
        }
        assertTrue(HttpSyntax.isToken("azAZ09!#$%&'*+-.^_`|~"));
    }

    @Test
    void quotedTextIsSafeInALog() {
        assertEquals("\"a ~??????\"", HttpSyntax.quoted("a ~\u0000\r\n\u001F\u007F\u00E9"));
        assertEquals("\"" + "a".repeat(60) + "\"", HttpSyntax.quoted("a".repeat(60)));
        assertEquals("\"" + "a".repeat(60) + "…\"", HttpSyntax.quoted("a".repeat(61)));
    }

    // Headers

    @Test
    void headersThatDifferHashDifferently() {
        Headers headers = Headers.of("a", "b", "c", "d");
        assertEquals(headers.hashCode(), Headers.of("A", "b", "C", "d").hashCode());
        assertNotEquals(headers.hashCode(), Headers.of("a", "b", "c", "e").hashCode());
        assertNotEquals(headers.hashCode(), Headers.of("a", "d", "c", "b").hashCode());
        assertNotEquals(headers.hashCode(), Headers.of("a", "b").hashCode());
    }

    @Test
    void nobodyCanChangeHeadersThroughTheirMap() {
        List<String> values = Headers.of("a", "b").toMap().get("a");
        assertTrue(values != null);
        assertThrows(UnsupportedOperationException.class, () -> values.add("c"));
        assertThrows(
                UnsupportedOperationException.class,
                () -> Headers.of("a", "b").all("a").add("c"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a : b|a header name has a space before its colon",
                "a b: c|a header name has a space before its colon",
                "a\t: b|a header name has a space before its colon",
                ": b|a header line does not begin with a name and a colon",
                "a|a header line does not begin with a name and a colon",
                "a(b): c|a header line does not begin with a name and a colon"
            })
    void aMalformedHeaderIsReportedWithItsFault(String line, String words) {
        assertRefused("GET / HTTP/1.1\r\n" + line + "\r\n\r\n", words);
    }

    @Test
    void aMalformedLineEndIsReportedWithItsFault() {
        assertRefused("GET / HTTP/1.1\r\r\n\r\n", "a carriage return is not followed by a line feed");
        assertRefused("GET / HTTP/1.1\rx", "a carriage return is not followed by a line feed");
        assertRefused("GET / HTTP/1.1\r\u0001", "a carriage return is not followed by a line feed");
        assertRefused("GET / HTTP/1.1\n\r\n", "a line feed does not follow a carriage return");
        assertRefused("GET / HTTP/1.1\u0000\r\n", "the head has a control character");
    }

    private static void assertRefused(String head, String words) {
        HttpHeadParser<HttpRequest> parser = HttpHeadParser.forRequests(HeadLimits.DEFAULT);
        HandshakeException refusal =
                assertThrows(HandshakeException.class, () -> parser.parse(ByteBuffer.wrap(bytes(head))));
        assertTrue(String.valueOf(refusal.getMessage()).contains(words), refusal::getMessage);
    }

    // Bodies

    private static HttpBodyReader chunked(int limit) {
        Headers headers = Headers.of("Transfer-Encoding", "chunked");
        return HttpBodyReader.of(HttpResponse.of(400, headers), limit);
    }

    private static boolean isRefused(String body) {
        try {
            chunked(10).read(ByteBuffer.wrap(bytes(body)));
            return false;
        } catch (HandshakeException e) {
            return true;
        }
    }

    @Test
    void theLengthOfAChunkMayHaveSeveralDigits() {
        HttpBodyReader reader = chunked(1000);
        assertTrue(reader.read(ByteBuffer.wrap(bytes("1A\r\n" + "a".repeat(26) + "\r\n0\r\n\r\n"))));
        assertEquals("a".repeat(26), Samples.text(reader.body()));
        assertFalse(reader.isTruncated());
    }

    @Test
    void theLengthOfAChunkHasFifteenDigitsAtMost() {
        assertFalse(isRefused("0".repeat(14) + "1\r\n"));
        assertTrue(isRefused("0".repeat(15) + "1\r\n"));
        assertTrue(isRefused("\u0080\r\n"));
        assertTrue(isRefused("\r\n"));
    }

    @Test
    void linesBetweenChunksHaveALimit() {
        int longest = longestAccepted("1;", "\r\n");
        assertTrue(longest > 20 && longest < 10_000);
        assertTrue(isRefused("1;" + "a".repeat(longest + 1) + "\r\n"));
        int trailer = longestAccepted("0\r\na:", "\r\n\r\n");
        assertTrue(trailer > 20 && trailer < 100_000);
        assertTrue(isRefused("0\r\na:" + "a".repeat(trailer + 1) + "\r\n\r\n"));
    }

    private static int longestAccepted(String before, String after) {
        int length = 0;
        while (length < 100_000 && !isRefused(before + "a".repeat(length + 1) + after)) {
            length++;
        }
        return length;
    }

    @Test
    void theSmallestStatusWithABodyIs200() {
        Headers five = Headers.of("Content-Length", "5");
        assertFalse(HttpBodyReader.of(HttpResponse.of(200, five), 9).read(ByteBuffer.wrap(bytes("abcd"))));
        assertTrue(HttpBodyReader.of(HttpResponse.of(199, five), 9).read(ByteBuffer.wrap(bytes("abcd"))));
    }

    // Addresses

    @ParameterizedTest
    @ValueSource(
            strings = {"0.0.0.0", "255.255.255.255", "::", "::1", "1::", "1:2:3:4:5:6:7:8", "::1.2.3.4", "ffff::F"})
    void anAddressIsReadFromEdgeToEdge(String text) {
        assertTrue(IpAddress.parse(text) != null, text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "1.2.3.",
                ".1.2.3",
                "1.2.3.256",
                "1.2.3.4.",
                "01.2.3.4",
                "1.2.3.0004",
                "1:2:3:4:5:6:7",
                ":1",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7:8::",
                "1::2::3",
                "g::",
                "12345::",
                "1:",
                ":::",
                "::.1.2.3",
                "1.2.3.4::",
                "::1.2.3.4:5",
                "\u0661::",
                "1:2:3:4:5:6:7:1.2.3.4"
            })
    void malformedAddressesAreNoAddresses(String text) {
        assertNull(IpAddress.parse(text), text);
    }

    @Test
    void theHighestPortOfAForwardedAddressIs65535() {
        var address = ForwardedNode.inList("1.2.3.4:65535");
        assertEquals(65_535, address == null ? -1 : address.getPort());
        var none = ForwardedNode.inList("1.2.3.4:65536");
        assertEquals(0, none == null ? -1 : none.getPort());
        assertNull(ForwardedNode.inList("unknown"));
        assertNull(ForwardedNode.inList("UNKNOWN:80"));
        assertNull(ForwardedNode.inList("_hidden:_port"));
    }

    // URIs

    @Test
    void aPortIsFrom1To65535() {
        assertEquals(1, new WebSocketUri(false, "a", 1, "/").port());
        assertEquals(65_535, new WebSocketUri(false, "a", 65_535, "/").port());
        assertThrows(IllegalArgumentException.class, () -> new WebSocketUri(false, "a", 0, "/"));
        assertThrows(IllegalArgumentException.class, () -> new WebSocketUri(false, "a", 65_536, "/"));
    }

    @ParameterizedTest
    @CsvSource({
        "'ws://a/!', /!",
        "'ws://a/~', /~",
        "'ws://a/\u0080', /%C2%80",
        "'ws://a/\uD7FF', /%ED%9F%BF",
        "'ws://a/\uE000', /%EE%80%80",
        "'ws://a/\uD83D\uDE00', /%F0%9F%98%80",
        "'ws://a/%aF', /%aF"
    })
    void aPathKeepsAsciiAndEncodesTheRest(String uri, String resource) {
        assertEquals(resource, WebSocketUri.parseStrict(uri).resource());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ws://a/ ",
                "ws://a/\u007F",
                "ws://a/\u0000",
                "ws://a/\uD800",
                "ws://a/\uDFFF",
                "ws://a/%",
                "ws://a/%1",
                "ws://a/%1g",
                "ws://a/%\u0661\u0661",
                "ws://@a/",
                "#ws://a/",
                "ws://a/#",
                ":",
                "ws",
                "",
                "ws://\u0080:80:80/"
            })
    void charactersThatAUriMustNotHaveAreRefused(String uri) {
        assertThrows(IllegalArgumentException.class, () -> WebSocketUri.parseStrict(uri));
    }

    @Test
    void aRefusalShowsTheUriUnlessThatHoldsAPassword() {
        assertEquals(
                "not a WebSocket URI: it must begin with ws:// or wss://: \"http://a/\"",
                refusal(assertThrows(IllegalArgumentException.class, () -> WebSocketUri.parseStrict("http://a/"))));
        String secret = refusal(
                assertThrows(IllegalArgumentException.class, () -> WebSocketUri.parseStrict("ws://me:secret@a/")));
        assertFalse(secret.contains("secret"), secret);
        assertFalse(secret.endsWith("\"\""), secret);
    }

    @Test
    void aReferenceThatIsAllFragmentIsTheSamePlace() {
        WebSocketUri uri = WebSocketUri.parse("ws://a/b?c");
        assertEquals(uri, uri.resolve("#d"));
        assertEquals(WebSocketUri.parse("wss://e/f"), uri.resolve("https://e/f#d"));
    }

    @Test
    void aHostInAnotherScriptKeepsItsPort() {
        assertEquals(
                "ws://xn--bcher-kva.example:81/",
                WebSocketUri.parse("ws://bücher.example:81").toString());
        assertEquals(
                "ws://xn--bcher-kva.example/",
                WebSocketUri.parse("ws://bücher.example").toString());
    }
}
