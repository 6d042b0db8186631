package dev.tenon.ws.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.extension.Extensions;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OriginPolicyTest {
    private static UpgradeRequest from(@Nullable String origin, String host, boolean secure) {
        Headers headers = origin == null ? Headers.empty() : Headers.of("Origin", origin);
        HttpRequest request = new HttpRequest("GET", "/", HttpVersion.HTTP_1_1, headers);
        return new UpgradeRequest(request, host, Samples.KEY, List.of(), List.of(), secure, null);
    }

    @ParameterizedTest
    @CsvSource({
        "http://example.org, example.org, false, true",
        "http://EXAMPLE.org, Example.Org, false, true",
        "http://example.org:80, example.org, false, true",
        "http://example.org, example.org:80, false, true",
        "http://example.org:8080, example.org:8080, false, true",
        "https://example.org, example.org, true, true",
        "https://example.org, example.org:443, true, true",
        "http://[::1]:3000, [::1]:3000, false, true",
        "https://example.org, example.org, false, true", // a proxy in front terminates TLS
        "http://example.org, example.org, true, false", // anyone on the network could have changed this page
        "http://example.org:8080, example.org, false, false",
        "http://example.org, example.org:8080, false, false",
        "http://evil.org, example.org, false, false",
        "http://example.org.evil.org, example.org, false, false",
        "http://evil.org/example.org, example.org, false, false",
        "http://example.org@evil.org, example.org, false, false",
        "http://example.org/, example.org, false, false",
        "ftp://example.org, example.org, false, false",
        "example.org, example.org, false, false",
        "://example.org, example.org, false, false",
        "null, example.org, false, false",
        "'', example.org, false, false",
        ", example.org, false, true", // no browser
    })
    void sameOriginComparesSchemeHostAndPort(String origin, String host, boolean secure, boolean allowed) {
        assertEquals(allowed, OriginPolicy.sameOrigin().allows(from(origin, host, secure)));
        assertTrue(OriginPolicy.any().allows(from(origin, host, secure)));
    }

    @ParameterizedTest
    @CsvSource({
        "https://example.org, true",
        "HTTPS://Example.org:443, true",
        "http://localhost:3000, true",
        ", true",
        "http://example.org, false",
        "https://example.org:8443, false",
        "http://localhost, false",
        "https://www.example.org, false",
        "null, false",
        "nonsense, false",
    })
    void aListAllowsWhatItNames(String origin, boolean allowed) {
        OriginPolicy policy = OriginPolicy.of("https://EXAMPLE.org", "http://localhost:3000");
        assertEquals(allowed, policy.allows(from(origin, "elsewhere.org", false)));
    }

    @Test
    void policiesAreValues() {
        assertEquals(OriginPolicy.of("https://a.org", "null"), OriginPolicy.of("null", "HTTPS://A.org:443"));
        assertTrue(OriginPolicy.of("null").allows(from("null", "a.org", false)));
    }

    @ParameterizedTest
    @CsvSource({
        "https://*.example.org, https://a.example.org, true",
        "https://*.example.org, https://A.b.Example.org:443, true",
        "https://*.example.org, https://example.org, false",
        "https://*.example.org, https://evilexample.org, false",
        "https://*.example.org, https://example.org.evil.org, false",
        "https://*.example.org, http://a.example.org, false",
        "https://*.example.org, https://a.example.org:8443, false",
        "https://*.example.org, https://a.example.org/, false",
        "https://*.example.org, https://x@a.example.org, false",
        "https://*.example.org:8443, https://a.example.org:8443, true",
        "https://*.example.org:8443, https://a.example.org, false",
        "http://localhost:*, http://localhost:5173, true",
        "http://localhost:*, http://localhost, true",
        "http://localhost:*, http://127.0.0.1:5173, false",
        "http://localhost:*, https://localhost:5173, false",
        "http://[::1]:*, http://[::1]:3000, true",
        "https://*.example.org:*, https://a.example.org:1, true",
        "https://b\u00FCcher.example, https://xn--bcher-kva.example, true",
        "https://*.b\u00FCcher.example, https://a.xn--bcher-kva.example, true",
    })
    void aWildcardMatchesTheFirstLabelsOrThePort(String entry, String origin, boolean allowed) {
        assertEquals(allowed, OriginPolicy.of(entry).allows(from(origin, "elsewhere.org", false)));
        assertTrue(OriginPolicy.of(entry).allows(from(null, "elsewhere.org", false)));
    }

    @ParameterizedTest
    @CsvSource({ // the origins of Cordova, Capacitor, Ionic, Electron, Tauri, browser extensions and microcontrollers
        "file://, file://, true",
        "file://, file:///, false",
        "file://, null, false",
        "file:///, file:///, true",
        "null, null, true",
        "null, https://a.org, false",
        "capacitor://localhost, capacitor://localhost, true",
        "capacitor://localhost, capacitor://evil, false",
        "ionic://localhost, ionic://localhost, true",
        "ionic://, ionic://, true",
        "app://localhost, app://LOCALHOST, true",
        "tauri://localhost, tauri://localhost, true",
        "chrome-extension://abcdefghijklmnop, chrome-extension://abcdefghijklmnop, true",
        "moz-extension://0b2d-11, moz-extension://0b2d-12, false",
        "http://device.local/page, http://device.local/page, true",
        "http://device.local/page, http://device.local/other, false",
        "http://device.local/page, http://device.local, false",
        "http://device.local/, http://device.local/, true",
        "http://device.local/, http://device.local, true",
        "http://device.local, http://device.local/, false",
        "https://example.org/, https://example.org, true",
    })
    void originsOfOtherSchemesAreAllowedByName(String entry, String origin, boolean allowed) {
        assertEquals(allowed, OriginPolicy.of(entry).allows(from(origin, "elsewhere.org", false)));
    }

    @ParameterizedTest
    @CsvSource({
        "'', it begins with a scheme",
        "example.org, it begins with a scheme",
        "localhost:3000, it begins with a scheme",
        "file:, it begins with a scheme",
        "*, OriginPolicy.any()",
        "*.example.org, it begins with a scheme",
        "*://example.org, it begins with a scheme",
        "wss://example.org, the scheme of the page",
        "https://, its host",
        "https:///a, its host",
        "https://*, a * stands for",
        "https://*example.org, a * stands for",
        "https://a.*.org, a * stands for",
        "https://*.*.org, a * stands for",
        "https://*., its host",
        "https://*.example.org/, its host",
        "https://example.org:x, its host",
        "https://example.org:0, its host",
        "https://user@example.org, its host",
        "https://user@example.org/, its host",
        "'https://a.org, https://b.org', its host",
        "'https://a.org ', its host",
        "https://fa\u00DF.de, IDNA",
    })
    void anEntryThatCouldNeverMatchIsRefusedAtOnce(String entry, String reason) {
        String message = String.valueOf(assertThrows(IllegalArgumentException.class, () -> OriginPolicy.of(entry))
                .getMessage());
        assertTrue(message.startsWith("not an origin: \"") && message.contains(reason), message);
    }

    @Test
    void aRefusalNamesBothComparedOrigins() {
        OriginPolicy listed =
                OriginPolicy.of("https://*.B.org", "http://localhost:*", "https://a.org:443", "file://", "null");
        assertEquals(
                "the origin \"https://evil.org\" is none of those that are listed:"
                        + " file://, http://localhost:*, https://*.b.org, https://a.org, null",
                listed.explain(from("https://evil.org", "a.org", false)));
        assertEquals(
                "the origin \"https://evil.org??\" is not that of this server, which was asked for as \"a.org:81\""
                        + " without TLS",
                OriginPolicy.sameOrigin().explain(from("https://evil.org\u00E9\u00E9", "a.org:81", false)));
        OriginPolicy own = request -> false;
        assertEquals(
                "the origin \"https://a.org\" was refused by the policy of this server",
                own.explain(from("https://a.org", "a.org", false)));
        String[] many = IntStream.range(0, 30).mapToObj(i -> "https://a" + i).toArray(String[]::new);
        assertTrue(OriginPolicy.of(many).explain(from("x", "a", false)).endsWith(" and 10 more"));
    }

    @Test
    void theDetailOfARefusalStaysOnThisEnd() {
        HttpRequest request = Objects.requireNonNull(
                HttpHeadParser.forRequests(HeadLimits.DEFAULT).parse(ByteBuffer.wrap(Samples.bytes(Samples.REQUEST))));
        ServerHandshake server =
                new ServerHandshake(Extensions.none(), List.of(), OriginPolicy.of("https://internal.example"));
        HandshakeException refusal = assertThrows(HandshakeException.class, () -> server.check(request, false, null));
        assertEquals(403, refusal.status());
        assertTrue(String.valueOf(refusal.detail()).contains("https://internal.example"), refusal::detail);
        assertFalse(refusal.toResponse().bodyText().contains("internal"), refusal.toResponse()::bodyText);
        assertFalse(String.valueOf(refusal.getMessage()).contains("internal"));
    }
}
