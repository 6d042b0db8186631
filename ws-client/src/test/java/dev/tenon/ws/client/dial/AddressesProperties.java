package dev.tenon.ws.client.dial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class AddressesProperties {
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
}
