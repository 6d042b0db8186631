package dev.tenon.ws.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChallengeTest {
    private static Challenge of(String scheme, String... parameters) {
        Map<String, String> map = new java.util.LinkedHashMap<>();
        for (int i = 0; i < parameters.length; i += 2) {
            map.put(parameters[i], parameters[i + 1]);
        }
        return new Challenge(scheme, "", map);
    }

    /** RFC 9110 §11.6.1. */
    @Test
    void severalChallengesInOneLine() {
        assertEquals(
                List.of(
                        of("basic", "realm", "simple"),
                        of("newauth", "realm", "apps", "type", "1", "title", "Login to \"apps\"")),
                Challenge.parse(List.of(
                        "Basic realm=\"simple\", Newauth realm=\"apps\", type=1, title=\"Login to \\\"apps\\\"\"")));
    }

    @Test
    void severalLinesSchemesAloneTokensAndEmptyElements() {
        assertEquals(
                List.of(
                        of("negotiate"),
                        new Challenge("ntlm", "TlRMTVNTUAAC+/==", Map.of()),
                        of("basic", "realm", "a, b=c"),
                        of("x")),
                Challenge.parse(List.of(", Negotiate ,, NTLM TlRMTVNTUAAC+/== , BASIC realm = \"a, b=c\" ,", "x")));
    }

    @Test
    void aTokenWithOnePadIsNoParameterAndAParameterIsNoToken() {
        assertEquals(List.of(new Challenge("a", "b=", Map.of())), Challenge.parse(List.of("a b=")));
        assertEquals(List.of(of("a", "b", "c")), Challenge.parse(List.of("a b=c")));
        assertEquals(List.of(of("a", "b", "c"), of("d")), Challenge.parse(List.of("a b=c,d")));
        assertEquals(List.of(of("a", "b", "c", "d", "e")), Challenge.parse(List.of("a b=c,d=e")));
        assertEquals(List.of(of("a"), of("d", "e", "f")), Challenge.parse(List.of("a,d e=f")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Basic realm=\"x",
                "Basic realm=\"x\\",
                "Basic realm=x y=z",
                "Basic realm=\"x\" y",
                "Basic realm=\"x\", realm=\"y\"",
                "Basic =x",
                "=",
                "\"x\"",
                "Basic realm=\"x\", =y",
                "Basic a/b=c",
                "Basic realm==x",
                "(x)"
            })
    void malformedOnesAreRefused(String line) {
        assertThrows(IllegalArgumentException.class, () -> Challenge.parse(List.of(line)));
    }
}
