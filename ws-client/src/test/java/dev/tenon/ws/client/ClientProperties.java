package dev.tenon.ws.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashSet;
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

class ClientProperties {
    @Provide
    Arbitrary<List<InetAddress>> addresses() {
        Arbitrary<InetAddress> address = Combinators.combine(Arbitraries.of(4, 16), Arbitraries.bytes())
                .as((length, last) -> {
                    byte[] bytes = new byte[length];
                    bytes[0] = 10;
                    bytes[length - 1] = last;
                    try {
                        return InetAddress.getByAddress(bytes);
                    } catch (UnknownHostException e) {
                        throw new AssertionError(e);
                    }
                });
        return address.list().ofMinSize(1).ofMaxSize(12);
    }

    private static List<InetAddress> family(List<InetAddress> addresses, boolean six) {
        return addresses.stream()
                .filter(address -> (address instanceof Inet6Address) == six)
                .distinct()
                .toList();
    }

    @Property
    void interleavingKeepsAllAddressesAndTheOrderWithinAFamily(@ForAll("addresses") List<InetAddress> addresses) {
        List<InetAddress> ordered = Addresses.interleaved(addresses);
        assertEquals(new HashSet<>(addresses), new HashSet<>(ordered));
        assertEquals(addresses.stream().distinct().count(), ordered.size());
        assertEquals(family(addresses, true), family(ordered, true));
        assertEquals(family(addresses, false), family(ordered, false));
        assertEquals(addresses.get(0), ordered.get(0));
    }

    @Property
    void familiesTakeTurnsAsLongAsThereAreTwo(@ForAll("addresses") List<InetAddress> addresses) {
        List<InetAddress> ordered = Addresses.interleaved(addresses);
        int fewer =
                Math.min(family(ordered, true).size(), family(ordered, false).size());
        for (int i = 1; i < 2 * fewer; i++) {
            assertTrue(
                    (ordered.get(i) instanceof Inet6Address) != (ordered.get(i - 1) instanceof Inet6Address),
                    () -> ordered.toString());
        }
    }

    @Property
    void anIpv4LiteralIsWhatThePlatformWritesAsOne(@ForAll("addresses") List<InetAddress> addresses) {
        for (InetAddress address : addresses) {
            assertEquals(address, Addresses.literal(address.getHostAddress()));
            assertTrue(!Addresses.isLiteral("a" + address.getHostAddress().replace(':', '.')));
        }
    }

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
                Combinators.combine(token, parameters).as((name, map) -> new Challenge(name, "", map)),
                Combinators.combine(token, token68).as((name, text) -> new Challenge(name, text, Map.of())));
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
    void whatIsWrittenIsReadAgain(@ForAll("challenges") List<Challenge> challenges) {
        String line = challenges.stream().map(ClientProperties::write).collect(Collectors.joining(", "));
        assertEquals(challenges, Challenge.parse(List.of(line)), line);
        assertEquals(
                challenges,
                Challenge.parse(challenges.stream().map(ClientProperties::write).toList()));
    }

    @Property
    void anyLineIsReadOrRefused(@ForAll String line) {
        try {
            for (Challenge challenge : Challenge.parse(List.of(line))) {
                assertTrue(!challenge.scheme().isEmpty());
            }
        } catch (IllegalArgumentException refused) {
            assertTrue(String.valueOf(refused.getMessage()).startsWith("malformed challenge: "));
        }
    }
}
