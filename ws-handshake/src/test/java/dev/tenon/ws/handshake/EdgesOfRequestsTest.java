package dev.tenon.ws.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.extension.Extensions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests that a host passes on without the parser of this module, and boundary values of hosts, ports and origins.
 */
class EdgesOfRequestsTest {
    private static final ServerHandshake SERVER = new ServerHandshake(Extensions.none(), List.of(), OriginPolicy.any());
    private static final List<String> GOOD = List.of(
            "Host",
            "a",
            "Upgrade",
            "websocket",
            "Connection",
            "Upgrade",
            "Sec-WebSocket-Key",
            "dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Version",
            "13");

    private static String refusal(String target, List<String> headers) {
        HttpRequest request =
                new HttpRequest("GET", target, HttpVersion.HTTP_1_1, Headers.of(headers.toArray(String[]::new)));
        HandshakeException refusal = assertThrows(HandshakeException.class, () -> SERVER.check(request, false, null));
        return refusal.status() + " " + refusal.getMessage();
    }

    private static List<String> without(String name) {
        List<String> headers = new ArrayList<>(GOOD);
        int at = headers.indexOf(name);
        headers.subList(at, at + 2).clear();
        return headers;
    }

    private static List<String> with(String name, String value) {
        List<String> headers = new ArrayList<>(GOOD);
        headers.addAll(List.of(name, value));
        return headers;
    }

    @Test
    void aTargetThatDoesNotGoWithTheMethodIsRefused() {
        for (String target : List.of("*", "a:80", "ftp://a/", "x", "http:///")) {
            assertEquals("400 the request target does not go with the method", refusal(target, GOOD), target);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Host, the request has no Host, the request has more than one Host",
        "Sec-WebSocket-Key, the request must have exactly one Sec-WebSocket-Key,",
        "Sec-WebSocket-Version, the request must have exactly one Sec-WebSocket-Version,"
    })
    void aRequiredHeaderIsReportedAsMissingOrRepeated(String name, String missing, @Nullable String repeated) {
        assertEquals("400 " + missing, refusal("/", without(name)));
        String value = GOOD.get(GOOD.indexOf(name) + 1);
        assertEquals("400 " + (repeated == null ? missing : repeated), refusal("/", with(name, value)));
    }

    @ParameterizedTest
    @CsvSource({
        "Content-Length, 1, 400 an opening handshake must not have a body",
        "Content-Length, x, 400 Content-Length is not one number",
        "Transfer-Encoding, chunked, 400 an opening handshake must not have a body",
        "Transfer-Encoding, gzip, 501 the Transfer-Encoding is not chunked"
    })
    void aBodyIsRefusedByWhatDeclaresIt(String name, String value, String expected) {
        assertEquals(expected, refusal("/", with(name, value)));
    }

    @Test
    void anEmptyHostNamesNoHost() {
        List<String> headers = new ArrayList<>(GOOD);
        headers.set(1, "");
        assertEquals("400 the Host is not a host and a port", refusal("/", headers));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "65536", "99999", "100000", "-1", "+1", "1 ", "x"})
    void aPortThatIsNoneMakesTheAuthorityNone(String port) {
        assertNull(Authority.parse("a:" + port));
        assertNull(Authority.parse("[::1]:" + port));
    }

    @Test
    void anAuthorityIsReadFromEdgeToEdge() {
        assertEquals(new Authority("az09-_", 1), Authority.parse("AZ09-_:1"));
        assertEquals(new Authority("az", 65_535), Authority.parse("az:65535"));
        assertEquals(new Authority("a", -1), Authority.parse("a:"));
        assertEquals(new Authority("[::1]", -1), Authority.parse("[::1]"));
        String longest = "a".repeat(253);
        assertEquals(new Authority(longest, -1), Authority.parse(longest));
        assertNull(Authority.parse(longest + "a"));
        for (String wrong : List.of("", ":", ":80", "[", "[]", "[::1", "[::1]x", "[::1%25eth0]", "a..b", ".a", "a@b")) {
            assertNull(Authority.parse(wrong), wrong);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "null, null",
        "HTTP://A, http://a",
        "http://a:80, http://a",
        "http://a:443, http://a:443",
        "https://a:443, https://a",
        "https://a:80, https://a:80",
        "chrome-extension://abc, chrome-extension://abc",
        "app://a:7, app://a:7",
        "app://a:80, app://a:80"
    })
    void anOriginHasOneForm(String origin, String normal) {
        assertEquals(normal, String.valueOf(Origin.parse(origin)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "://a",
                "1a://b",
                "a b://c",
                "http://",
                "http:///",
                "http://a/b",
                "{://a",
                "a_b://c",
                "null",
                "file://",
                "http://a@b"
            })
    void aValueThatIsNoOriginIsIgnored(String text) {
        assertNull(Origin.parse(text));
    }

    @ParameterizedTest
    @CsvSource({
        "'', /b/c?d",
        "?e, /b/c?e",
        "e, /b/e",
        "./e, /b/e",
        "../e, /e",
        "../../e, /e",
        "e/., /b/e/",
        "e/.., /b/",
        "/, /",
        "/.e, /.e",
        ":f, /b/:f",
        "?a/../b, /b/c?a/../b"
    })
    void aReferenceIsResolvedByRfc3986(String reference, String resource) {
        assertEquals(
                resource, WebSocketUri.parse("ws://a/b/c?d").resolve(reference).resource());
    }

    @Test
    void aLimitOfABodyIsNotNegative() {
        ClientHandshake.Builder builder = ClientHandshake.to(WebSocketUri.parse("ws://a/"));
        builder.limits(HeadLimits.DEFAULT, 0);
        assertThrows(IllegalArgumentException.class, () -> builder.limits(HeadLimits.DEFAULT, -1));
    }

    @Test
    void aResponseTakesSeveralHeadersOfOneName() {
        HttpResponse response = HttpResponse.text(200, "ok")
                .withHeader("Set-Cookie", "a=1; HttpOnly")
                .withHeader("Set-Cookie", "b=2");
        assertEquals(List.of("a=1; HttpOnly", "b=2"), response.headers().all("Set-Cookie"));
        assertEquals("text/plain; charset=utf-8", response.headers().first("Content-Type"));
        assertThrows(IllegalArgumentException.class, () -> response.withHeader("Set-Cookie", "a=1\r\nb: 2"));
    }

    @Test
    void aStatusHasThreeDigits() {
        assertEquals(100, HttpResponse.of(100, Headers.of()).status());
        assertEquals(999, HttpResponse.of(999, Headers.of()).status());
        assertThrows(IllegalArgumentException.class, () -> HttpResponse.of(99, Headers.of()));
        assertThrows(IllegalArgumentException.class, () -> HttpResponse.of(1000, Headers.of()));
        HttpResponse last = HttpResponse.of(503, Headers.of()).withConnectionClose();
        assertTrue(last.headers().hasToken("Connection", "close"));
        assertEquals(last, last.withConnectionClose());
    }
}
