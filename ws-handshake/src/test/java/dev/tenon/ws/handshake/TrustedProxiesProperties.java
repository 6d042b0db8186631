package dev.tenon.ws.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.statistics.Statistics;

/** A client may write any headers before its proxy adds its own. */
class TrustedProxiesProperties {
    private static final InetSocketAddress PROXY = new InetSocketAddress(loopback(), 4711);

    private static InetAddress loopback() {
        return InetAddress.getLoopbackAddress();
    }

    @Provide
    Arbitrary<String> forgedHeaders() {
        Arbitrary<String> parts = Arbitraries.of(
                "for=",
                "For=",
                "proto=https",
                "by=",
                "\"",
                "\\",
                ";",
                ",",
                " ",
                "=",
                "[",
                "]",
                "::1",
                ":",
                "1.2.3.4",
                "127.0.0.1",
                "unknown",
                "_x",
                "for=6.6.6.6",
                "for=127.0.0.1",
                "\"[::1]\"",
                "é",
                "\t");
        return parts.list().ofMaxSize(12).map(list -> HttpSyntax.trim(String.join("", list)));
    }

    @Provide
    Arbitrary<InetAddress> addresses() {
        return Arbitraries.oneOf(
                Arbitraries.bytes().array(byte[].class).ofSize(4).map(TrustedProxiesProperties::address),
                Arbitraries.bytes().array(byte[].class).ofSize(16).map(TrustedProxiesProperties::address),
                Arbitraries.of((byte) 0, (byte) 1)
                        .array(byte[].class)
                        .ofSize(16)
                        .map(TrustedProxiesProperties::address));
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private static HttpRequest request(String name, String value) {
        return new HttpRequest("GET", "/", HttpVersion.HTTP_1_1, Headers.of(name, value));
    }

    @Property
    void theClientIsTheOneThatItsProxyNames(
            @ForAll("forgedHeaders") String forged, @ForAll("addresses") InetAddress expected) {
        if (expected.isLoopbackAddress()) {
            return; // such a client would be a proxy itself
        }
        TrustedProxies proxies = TrustedProxies.xForwarded("127.0.0.1", "::1");
        HttpRequest request = request("X-Forwarded-For", forged + ", " + expected.getHostAddress());
        assertEquals(
                new InetSocketAddress(expected, 0),
                proxies.client(request, PROXY, false).address());
    }

    @Property
    void theClientIsThatOfTheProxysForwardedEntryOrUnknown(
            @ForAll("forgedHeaders") String forged, @ForAll("addresses") InetAddress expected, @ForAll boolean port) {
        if (expected.isLoopbackAddress()) {
            return;
        }
        TrustedProxies proxies = TrustedProxies.forwarded("127.0.0.1", "::1");
        String ip = expected.getHostAddress();
        String node = ip.indexOf(':') >= 0 ? "\"[" + ip + "]\"" : port ? "\"" + ip + ":80\"" : ip;
        HttpRequest request = request("Forwarded", forged + ", for=" + node + ";proto=http");
        InetSocketAddress client = proxies.client(request, PROXY, false).address();
        if (client != null) {
            assertEquals(new InetSocketAddress(expected, node.endsWith(":80\"") ? 80 : 0), client);
        }
        Statistics.collect(client == null ? "unknown" : "found");
    }

    @Property
    void everyAddressIsReadBackFromItsText(@ForAll("addresses") InetAddress address) {
        assertEquals(address, IpAddress.parse(address.getHostAddress()));
    }

    @Property
    void aBlockHoldsThoseThatShareItsPrefix(
            @ForAll("addresses") InetAddress one,
            @ForAll("addresses") InetAddress other,
            @ForAll @IntRange(max = 128) int n) {
        byte[] a = one.getAddress();
        byte[] b = other.getAddress();
        int bits = Math.min(n, a.length * 8);
        int shared = 0;
        while (a.length == b.length && shared < a.length * 8 && bit(a, shared) == bit(b, shared)) {
            shared++;
        }
        for (int i = bits; i < a.length * 8; i++) {
            a[i / 8] &= (byte) ~(0x80 >> (i % 8));
        }
        boolean mapped = address(a).getAddress().length != a.length; // a prefix shortened to ::ffff:0:0 would be IPv4
        if (!mapped) {
            IpBlock block = IpBlock.parse(address(a).getHostAddress() + "/" + bits);
            assertEquals(a.length == b.length && shared >= bits, block.contains(other));
            assertEquals(true, block.contains(one));
        }
    }

    private static int bit(byte[] bytes, int i) {
        return (bytes[i / 8] >> (7 - i % 8)) & 1;
    }
}
