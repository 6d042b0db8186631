package dev.tenon.ws.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.URI;
import org.junit.jupiter.api.Test;
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
    })
    void theGrammarOfTheRfcIsRead(
            String text, boolean secure, String host, int port, String resource, String hostHeader, String origin) {
        WebSocketUri uri = WebSocketUri.parse(text);
        assertEquals(new WebSocketUri(secure, host, port, resource), uri);
        assertEquals(hostHeader, uri.hostHeader());
        assertEquals(origin, uri.origin());
        assertEquals(uri, WebSocketUri.parse(uri.toString()));
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
                "ws://[fe80::1%25eth0]/",
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
        assertThrows(IllegalArgumentException.class, () -> WebSocketUri.parse(text));
    }

    @Test
    void secretsAreNotRepeatedInTheError() {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> WebSocketUri.parse("ws://user:secret@example.org/"));
        assertEquals(-1, String.valueOf(e.getMessage()).indexOf("secret"));
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
    @CsvSource({ // the examples of RFC 3986 §5.4, and what redirects add to them
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
        "g?u=http://b/, ws://a/b/c/g?u=http://b/"
    })
    void referencesAreResolved(String reference, String expected) {
        assertEquals(
                expected,
                WebSocketUri.parse("ws://a/b/c/d;p?q").resolve(reference).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://b/", "mailto:a@b", "http:x", "//", "http://u@b/", "javascript:alert(1)", "a b"})
    void redirectsOutOfTheWebAreRefused(String reference) {
        WebSocketUri base = WebSocketUri.parse("ws://a/b");
        assertThrows(IllegalArgumentException.class, () -> base.resolve(reference));
    }
}
