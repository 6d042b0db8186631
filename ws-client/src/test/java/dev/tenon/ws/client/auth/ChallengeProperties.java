package dev.tenon.ws.client.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ChallengeProperties {
    private static final String TOKEN = "abcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~";

    @Provide
    Arbitrary<List<Challenge>> challenges() {
        Arbitrary<String> token =
                Arbitraries.strings().withChars(TOKEN).ofMinLength(1).ofMaxLength(8);
        Arbitrary<String> value = Arbitraries.strings().withCharRange(' ', '~').ofMaxLength(12);
        Arbitrary<Map<String, String>> parameters =
                Arbitraries.maps(token, value).ofMaxSize(4).map(LinkedHashMap::new);
        Arbitrary<String> token68 = Arbitraries.strings()
                .withChars("abcXYZ019-._~+/")
                .ofMinLength(1)
                .ofMaxLength(9)
                .flatMap(text -> Arbitraries.of("", "=", "==").map(text::concat));
        Arbitrary<Challenge> challenge = Arbitraries.oneOf(
                Combinators.combine(token, parameters).as((name, map) -> new Challenge(name, "", map, true)),
                Combinators.combine(token, token68).as((name, text) -> new Challenge(name, text, Map.of(), true)));
        return challenge.list().ofMinSize(1).ofMaxSize(4);
    }

    private static String write(Challenge challenge) {
        List<String> parameters = new ArrayList<>();
        challenge
                .parameters()
                .forEach((name, value) -> parameters.add(
                        name + "=\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\""));
        return (challenge.scheme() + " " + challenge.token68() + String.join(", ", parameters)).strip();
    }

    @Property
    void writtenChallengesAreReadAgain(@ForAll("challenges") List<Challenge> challenges) {
        String line = challenges.stream().map(ChallengeProperties::write).collect(Collectors.joining(", "));
        assertEquals(challenges, Challenge.parse(List.of(line)), line);
        assertEquals(
                challenges,
                Challenge.parse(
                        challenges.stream().map(ChallengeProperties::write).toList()));
    }

    @Property
    void noLineHidesAnotherLine(@ForAll String line, @ForAll("challenges") List<Challenge> challenges) {
        List<Challenge> read = Challenge.parse(List.of(line, write(challenges.get(0))));
        assertEquals(challenges.get(0), read.get(read.size() - 1));
        assertTrue(read.stream().noneMatch(challenge -> challenge.scheme().isEmpty()));
    }
}
