package dev.tenon.ws.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebSocketUriTest {
    @ParameterizedTest
    @CsvSource({
        "ws://example.org, false, example.org, 80, /, example.org, http://example.org",
        "wss://example.org, true, example.org, 443, /, example.org, https://example.org",
        "WSS://Example.ORG:443/, true, example.org, 443, /, example.org, https://example.org",
        "ws://example.org:443/a, false, example.org, 443, /a, example.org:443, http://example.org:443",
        "ws://example.org:/a?b=c?d/e, false, example.org, 80, /a?b=c?d/e, example.org, http://example.org",
        "ws://example.org?b, false, example.org, 80, /?b, example.org, http://example.org",
        "ws://[2001:DB8::1]:8080/, false, 2001:db8::1, 8080, /, [2001:db8::1]:8080, http://[2001:db8::1]:8080",
        "ws://[::ffff:192.0.2.1]/, false, ::ffff:192.0.2.1, 80, /, [::ffff:192.0.2.1], http://[::ffff:192.0.2.1]",
        "ws://192.0.2.1/, false, 192.0.2.1, 80, /, 192.0.2.1, http://192.0.2.1",
        "ws://my_service-1:3000/, false, my_service-1, 3000, /, my_service-1:3000, http://my_service-1:3000",
        "wss://example.org./, true, example.org., 443, /, example.org., https://example.org.",
        "ws://bücher.example/ü?ß=€, false, xn--bcher-kva.example, 80, /%C3%BC?%C3%9F=%E2%82%AC, xn--bcher-kva.example, "
                + "http://xn--bcher-kva.example",
        "ws://例え.テスト:81/😀, false, xn--r8jz45g.xn--zckzah, 81, /%F0%9F%98%80, xn--r8jz45g.xn--zckzah:81, "
                + "http://xn--r8jz45g.xn--zckzah:81",
        "ws://a/%7Eb/;c=d/@e:f, false, a, 80, /%7Eb/;c=d/@e:f, a, http://a",
        "ws://[FE80::1%25eth0]:81/a, false, fe80::1%eth0, 81, /a, [fe80::1]:81, http://[fe80::1]:81", // RFC 6874
        "wss://[fe80::1%25En1.2_x]/, true, fe80::1%En1.2_x, 443, /, [fe80::1], https://[fe80::1]",
    })
    void theGrammarOfTheRfcIsRead(
            String text, boolean secure, String host, int port, String resource, String hostHeader, String origin) {
        WebSocketUri uri = WebSocketUri.parseStrict(text);
        assertEquals(new WebSocketUri(secure, host, port, resource), uri);
        assertEquals(hostHeader, uri.hostHeader());
        assertEquals(origin, uri.origin());
        assertEquals(uri, WebSocketUri.parseStrict(uri.toString()));
        assertEquals(uri, WebSocketUri.of(URI.create(uri.toString())));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "example.org",
                "http://example.org",
                "https://example.org",
                "ws:example.org",
                "ws:/example.org",
                "ws://",
                "ws:///a",
                "ws://:80/",
                "ws://example.org#",
                "ws://example.org/#a",
                "ws://user@example.org/",
                "ws://user:secret@example.org/",
                "ws://example.org:0/",
                "ws://example.org:65536/",
                "ws://example.org:-1/",
                "ws://example.org:8x/",
                "ws://example.org:123456/",
                "ws://exa mple.org/",
                "ws://example..org/",
                "ws://.org/",
                "ws://exam%70le.org/",
                "ws://[::1/",
                "ws://[::1]x/",
                "ws://[::g]/",
                "ws://[1.2.3.4]/",
                "ws://[fe80::1%eth0]/",
                "ws://[fe80::1%25]/",
                "ws://[fe80::1%25a b]/",
                "ws://[fe80::1%25a%2Fb]/",
                "ws://[fe80::1%25a%25b]/",
                "ws://[%25eth0]/",
                "ws://example.org%25eth0/",
                "ws://192.0.2.1%25eth0/",
                "ws://a/b c",
                "ws://a/b%",
                "ws://a/b%2",
                "ws://a/b%zz",
                "ws://a/\"",
                "ws://a/<b>",
                "ws://a/b\r\nHost: c",
                "ws://a/b\\c",
                "ws://a/{b}",
                "ws://a/b|c",
                "ws://a/\uD800",
                "ws://ü..example/",
                "ws://example.org\uFF1A81/",
                "ws://\uFF3B::1\uFF3D/",
                "ws://a\uFF0Fb/",
                "ws://a\u2100/",
                "ws://\uD800/",
                " ws://a/"
            })
    void anythingElseIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> WebSocketUri.parseStrict(text));
    }

    @Test
    void secretsAreNotRepeatedInTheError() {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> WebSocketUri.parse("ws://user:secret@example.org/"));
        assertEquals(-1, String.valueOf(e.getMessage()).indexOf("secret"));
    }

    @ParameterizedTest
    @CsvSource({
        "ws://host/feed?symbols=AAPL|MSFT, ws://host/feed?symbols=AAPL%7CMSFT",
        "'ws://host/?filter={\"a\":1}', ws://host/?filter=%7B%22a%22:1%7D",
        "'ws://host/a b?c d', ws://host/a%20b?c%20d",
        "ws://host/?q=ABC%s0A, ws://host/?q=ABC%s0A",
        "ws://host/100%, ws://host/100%",
        "ws://host/%zz%4, ws://host/%zz%4",
        "ws://host/<a>^`?<b>^`, ws://host/%3Ca%3E%5E%60?%3Cb%3E%5E%60",
        "ws://host/ü/😀?€, ws://host/%C3%BC/%F0%9F%98%80?%E2%82%AC",
        "'ws://host/\u0001\u007F', ws://host/%01%7F",
        "'ws://host/\uD800', ws://host/%EF%BF%BD",
        "'  ws://host/\t ', ws://host/",
        "'ws://ho\nst/a\tb\r\nc', ws://host/abc",
        "'ws://host/b\r\nHost: c', ws://host/bHost:%20c",
        "ws:\\\\host\\a\\b?c\\d, ws://host/a/b?c%5Cd",
        "ws://host?a, ws://host/?a",
        "WS://HOST, ws://host/",
        "WSS://Host:443/A, wss://host/A",
        "http://host/a, ws://host/a",
        "HTTPS://host:8443/a, wss://host:8443/a",
        "https://host:443, wss://host/",
        "http://host:80, ws://host/",
        "ws://host:/, ws://host/",
        "ws:host/a, ws://host/a",
        "ws:///host/a, ws://host/a",
        "ws://host/a/../b/./c/%2E%2e/d, ws://host/b/d",
        "ws://host/.., ws://host/",
        "ws://host/a?b/../c, ws://host/a?b/../c",
        "ws://ex%61mple.org/, ws://example.org/",
        "ws://b%C3%BCcher.example/, ws://xn--bcher-kva.example/",
        "ws://BÜCHER.example:81/, ws://xn--bcher-kva.example:81/",
        "ws://ｅｘample。org/, ws://example.org/",
        "ws://my_service-1/, ws://my_service-1/",
        "ws://[fe80::1%25eth0]/, ws://[fe80::1%25eth0]/",
        "ws://[FE80::1%Eth0]:81/, ws://[fe80::1%25Eth0]:81/",
        "ws://[fe80::1%25]/, ws://[fe80::1%2525]/", // zone 25
        "ws://host/a[]=1, ws://host/a[]=1",
    })
    void urisThatBrowsersAcceptAreAccepted(String text, String expected) {
        WebSocketUri uri = WebSocketUri.parse(text);
        assertEquals(expected, uri.toString());
        assertEquals(uri, WebSocketUri.parse(uri.toString()), "the text form means the same");
        ClientHandshake.to(uri).start().request().encode();
        uri.toHttpUri();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "host/a",
                "//host/a",
                "/a",
                "ftp://host/",
                "javascript:alert(1)",
                "ws:",
                "ws://",
                "ws:///",
                "ws://?a",
                "ws://host/#a",
                "ws://host#",
                "ws://user@host/",
                "ws://user:secret@host/",
                "ws://host:0/",
                "ws://host:65536/",
                "ws://host:8x/",
                "ws://ho st/",
                "ws://ho%20st/",
                "ws://host%3A81/",
                "ws://host%2Fa/",
                "ws://%FF/",
                "ws://host%/",
                "ws://a|b/",
                "ws://[::1/",
                "ws://[::g]/",
                "ws://[fe80::1%]/",
                "ws://[1.2.3.4]/",
                "ws://[fe80::1%a b]/",
                "ws://\uD800/",
                "ws://example.org\uFF1A81/",
                "ws://a\uFF0Fb/"
            })
    void urisThatBrowsersRefuseAreRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> WebSocketUri.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "faß.de", // fass.de by IDNA 2003
                "fa%C3%9F.de",
                "βόλος.com",
                "نامه\u200Cای.com",
                "ශ්\u200Dරී.com",
                "a\u200Bb.de",
                "a\u00ADb.de",
                "a\uFE0Fb.de",
                "a\u180Bb.de",
                "\uD87E\uDC68.de",
                "\u10A0\u10A1.ge", // Georgian capitals; the JDK's tables are older than their lower-case letters
                "\u10C5.ge",
                "a\u04C0.ru",
                "a\u115Fb.kr",
                "a\u3164b.kr",
                "\u2132.org",
                "xn--a.ß"
            })
    void aHostThatIsAnotherOwnersByTheOldRulesIsRefused(String host) {
        for (String text : new String[] {"wss://" + host, "wss://" + host + ":81/a?b"}) {
            String lenient = String.valueOf(assertThrows(IllegalArgumentException.class, () -> WebSocketUri.parse(text))
                    .getMessage());
            assertTrue(lenient.contains("IDNA 2003 and IDNA 2008") && lenient.contains("xn--"), lenient);
            assertThrows(IllegalArgumentException.class, () -> WebSocketUri.parseStrict(text));
        }
        WebSocketUri base = WebSocketUri.parse("wss://example.org/");
        assertThrows(IllegalArgumentException.class, () -> base.resolve("//" + host + "/"));
    }

    @Test
    void theAsciiFormOfSuchAHostIsTaken() {
        assertEquals("xn--fa-hia.de", WebSocketUri.parse("wss://xn--fa-hia.de").host());
        assertEquals("fass.de", WebSocketUri.parse("wss://fass.de").host());
    }

    @Test
    void noMessageRepeatsAQueryOrAPassword() {
        for (String text : new String[] {
            "ftp://host/?token=secret",
            "wss://host:x/?token=secret",
            "wss://host/#token=secret",
            "wss://faß.de/?token=secret",
            "htp://user:secret@host/",
            "wss://user:secret@host/?a",
            "wss://[::g]/?token=secret",
        }) {
            for (Executable read : new Executable[] {
                () -> WebSocketUri.parse(text),
                () -> WebSocketUri.parseStrict(text),
                () -> WebSocketUri.parse("ws://a/").resolve(text)
            }) {
                try {
                    read.execute();
                } catch (Throwable e) {
                    assertFalse(e.toString().contains("secret"), e::toString);
                }
            }
        }
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> WebSocketUri.parseStrict("ws://a/?secret= "));
        assertEquals("not a WebSocket URI: percent-encode the character \" \": \"ws://a/\"", e.getMessage());
        assertEquals("wss://a/b?…", WebSocketUri.parse("wss://a/b?token=secret").redacted());
        assertEquals("wss://a/b", WebSocketUri.parse("wss://a/b").redacted());
    }

    @Test
    void theHttpUriIsAcceptedByTheJdk() {
        assertEquals(
                "https://[fe80::1]:8443/a%25b?c%5B%5D=%25s",
                WebSocketUri.parse("wss://[fe80::1%eth0]:8443/a%b?c[]=%s")
                        .toHttpUri()
                        .toString());
        assertEquals("http://a/%7C", WebSocketUri.parse("ws://a/|").toHttpUri().toString());
    }

    @Test
    void partsAreChecked() {
        assertThrows(IllegalArgumentException.class, () -> new WebSocketUri(false, "a:80", 80, "/"));
        assertThrows(IllegalArgumentException.class, () -> new WebSocketUri(false, "", 80, "/"));
        assertThrows(IllegalArgumentException.class, () -> new WebSocketUri(false, "a", 0, "/"));
        assertThrows(IllegalArgumentException.class, () -> new WebSocketUri(false, "a", 80, "b"));
        assertThrows(IllegalArgumentException.class, () -> new WebSocketUri(false, "a", 80, "/ HTTP/1.1"));
    }

    @ParameterizedTest
    @CsvSource({ // the examples of RFC 3986 §5.4, and further ones of redirects
        "g, ws://a/b/c/g",
        "./g, ws://a/b/c/g",
        "g/, ws://a/b/c/g/",
        "/g, ws://a/g",
        "//g, ws://g/",
        "?y, ws://a/b/c/d;p?y",
        "g?y, ws://a/b/c/g?y",
        "'', ws://a/b/c/d;p?q",
        "., ws://a/b/c/",
        "./, ws://a/b/c/",
        ".., ws://a/b/",
        "../, ws://a/b/",
        "../g, ws://a/b/g",
        "../.., ws://a/",
        "../../g, ws://a/g",
        "../../../g, ws://a/g",
        "/./g, ws://a/g",
        "/../g, ws://a/g",
        "g., ws://a/b/c/g.",
        ".g, ws://a/b/c/.g",
        "g.., ws://a/b/c/g..",
        "..g, ws://a/b/c/..g",
        "./../g, ws://a/b/g",
        "./g/., ws://a/b/c/g/",
        "g/./h, ws://a/b/c/g/h",
        "g/../h, ws://a/b/c/h",
        "g?y/./x, ws://a/b/c/g?y/./x",
        "g?y/../x, ws://a/b/c/g?y/../x",
        "g#s, ws://a/b/c/g",
        "http://b/x, ws://b/x",
        "https://b:8443/x?y, wss://b:8443/x?y",
        "wss://b, wss://b/",
        "HTTPS://B/../x, wss://b/x",
        "g?u=http://b/, ws://a/b/c/g?u=http://b/",
        "' g h|i ', ws://a/b/c/g%20h%7Ci",
        "g?50%, ws://a/b/c/g?50%",
        "\\g\\h, ws://a/g/h",
        "'\\\\g\\h', ws://g/h", // another host, as in browsers; the caller of a redirect sees that
        "caf\u00E9, ws://a/b/c/caf%C3%A9",
        "/%2e%2E/g, ws://a/g"
    })
    void referencesAreResolved(String reference, String expected) {
        assertEquals(
                expected,
                WebSocketUri.parse("ws://a/b/c/d;p?q").resolve(reference).toString());
    }

    @Test
    void aReferenceStaysInItsZone() {
        WebSocketUri base = WebSocketUri.parse("ws://[fe80::1%25eth0]:81/a/b");
        assertEquals("fe80::1%eth0", base.resolve("c").host());
        assertEquals("ws://[fe80::1%25eth0]:81/a/c", base.resolve("c").toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://b/", "mailto:a@b", "http:x", "//", "http://u@b/", "javascript:alert(1)", "https:/b"})
    void redirectsOutOfTheWebAreRefused(String reference) {
        WebSocketUri base = WebSocketUri.parse("ws://a/b");
        assertThrows(IllegalArgumentException.class, () -> base.resolve(reference));
    }
}
