package dev.tenon.ws.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OriginPolicyTest {
    private static UpgradeRequest from(String origin, String host, boolean secure) {
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
        "https://example.org, example.org, false, true", // TLS ended by a proxy in front
        "http://example.org, example.org, true, false", // a page that anyone on the way could have written
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
    @ValueSource(strings = {"example.org", "https://", "https://example.org/", "https://*.example.org", "*", ""})
    void aListTakesOriginsAlone(String origin) {
        assertThrows(IllegalArgumentException.class, () -> OriginPolicy.of(origin));
    }
}
