package dev.tenon.ws.client.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tenon.ws.client.AuthScheme;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ChallengeTest {
    private static Challenge of(String scheme, String... parameters) {
        Map<String, String> map = new java.util.LinkedHashMap<>();
        for (int i = 0; i < parameters.length; i += 2) {
            map.put(parameters[i], parameters[i + 1]);
        }
        return new Challenge(scheme, "", map, true);
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
                        new Challenge("ntlm", "TlRMTVNTUAAC+/==", Map.of(), true),
                        of("basic", "realm", "a, b=c"),
                        of("x")),
                Challenge.parse(List.of(", Negotiate ,, NTLM TlRMTVNTUAAC+/== , BASIC realm = \"a, b=c\" ,", "x")));
    }

    @Test
    void aTokenWithOnePadIsNoParameterAndAParameterIsNoToken() {
        assertEquals(List.of(new Challenge("a", "b=", Map.of(), true)), Challenge.parse(List.of("a b=")));
        assertEquals(List.of(of("a", "b", "c")), Challenge.parse(List.of("a b=c")));
        assertEquals(List.of(of("a", "b", "c"), of("d")), Challenge.parse(List.of("a b=c,d")));
        assertEquals(List.of(of("a", "b", "c", "d", "e")), Challenge.parse(List.of("a b=c,d=e")));
        assertEquals(List.of(of("a"), of("d", "e", "f")), Challenge.parse(List.of("a,d e=f")));
    }

    /** Values of {@code WWW-Authenticate} of real servers, and the parsed challenges. */
    static Stream<Arguments> malformed() {
        return Stream.of(
                Arguments.of("Bearer error=not found", "bearer {error=not found}!"),
                Arguments.of("Basic realm=My Proxy", "basic {realm=My Proxy}!"),
                Arguments.of("Bearer error=not found, Basic realm=\"x\"", "bearer {error=not found}! basic {realm=x}"),
                Arguments.of("Basic realm=\"x", "basic {realm=x}!"),
                Arguments.of("Basic realm=\"x\\", "basic {realm=x\\}!"),
                Arguments.of("Basic realm=x y=z", "basic {realm=x, y=z}!"),
                Arguments.of("Basic realm=\"x\" y", "basic {realm=x}!"),
                Arguments.of("Basic realm=\"x\", realm=\"y\"", "basic {realm=x}!"),
                Arguments.of("Basic realm=\"x\", =y, Digest a=b", "basic {realm=x} digest {a=b}"),
                Arguments.of("Basic =x", "basic {}!"),
                Arguments.of("Basic", "basic {}"),
                Arguments.of("Basic a/b=c", "basic {}!"),
                Arguments.of("Basic realm==x", "basic {realm==x}!"),
                Arguments.of("Basic/x, Digest a=\",\"", "basic {}! digest {a=,}"),
                Arguments.of("(x), Basic", "basic {}"),
                Arguments.of("(\"Digest a=b, \"), Basic", "basic {}"),
                Arguments.of("=", ""),
                Arguments.of("\"x\"", ""),
                Arguments.of("", ""));
    }

    @ParameterizedTest
    @MethodSource
    void malformed(String line, String read) {
        assertEquals(
                read,
                Challenge.parse(List.of(line)).stream()
                        .map(challenge ->
                                challenge.scheme() + " " + challenge.parameters() + (challenge.wellFormed() ? "" : "!"))
                        .collect(Collectors.joining(" ")));
    }

    @Test
    void aMalformedChallengeHidesNoOther() {
        List<Challenge> challenges = Challenge.parse(List.of("Bearer error=not found", "Basic realm=\"x\""));
        Challenge strongest = Credential.strongest(challenges, scheme -> true);
        assertEquals("basic", strongest == null ? "none" : strongest.scheme());
    }

    @Test
    void basicNeedsNoParameterAndAMalformedDigestIsPassedOver() {
        for (String line : List.of("Basic", "Basic realm=My Proxy", "Digest nonce=1, qop=auth, nonce=2, Basic x")) {
            Challenge strongest = Credential.strongest(Challenge.parse(List.of(line)), scheme -> true);
            assertEquals("basic", strongest == null ? "none" : strongest.scheme(), line);
        }
    }

    @Test
    void aSchemeThatThePolicyForbidsIsPassedOver() {
        List<Challenge> challenges = Challenge.parse(List.of(
                "Basic realm=\"x\"", "Digest nonce=1, qop=auth", "Digest nonce=2, qop=auth, algorithm=SHA-256"));
        for (AuthScheme only : AuthScheme.values()) {
            Challenge allowed = Credential.strongest(challenges, scheme -> scheme == only);
            assertEquals(only == AuthScheme.BASIC ? "basic" : "digest", allowed == null ? "none" : allowed.scheme());
            assertEquals(
                    only == AuthScheme.DIGEST_SHA_256 ? "2" : only == AuthScheme.DIGEST_MD5 ? "1" : "",
                    allowed == null ? "none" : allowed.parameter("nonce"));
        }
        assertEquals(null, Credential.strongest(challenges, scheme -> false));
    }
}
