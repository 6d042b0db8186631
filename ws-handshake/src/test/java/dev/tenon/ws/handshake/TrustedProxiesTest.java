package dev.tenon.ws.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedProxiesTest {
    private static final String[] OURS = {"10.0.0.0/8", "fd00::/8", "192.0.2.1"};
    private static final InetSocketAddress PROXY = address("10.1.2.3", 4711);
    private static final InetSocketAddress STRANGER = address("198.51.100.1", 4711);

    private static InetSocketAddress address(String ip, int port) {
        return new InetSocketAddress(Objects.requireNonNull(IpAddress.parse(ip)), port);
    }

    private static HttpRequest request(String... headers) {
        return new HttpRequest("GET", "/", HttpVersion.HTTP_1_1, Headers.of(headers));
    }

    private static String shown(TrustedProxies.Client client) {
        InetSocketAddress address = client.address();
        String ip = address == null ? "hidden" : address.getAddress().getHostAddress() + " " + address.getPort();
        return ip + (client.secure() ? " tls" : "");
    }

    private static String forwarded(String value) {
        return shown(TrustedProxies.forwarded(OURS).client(request("Forwarded", value), PROXY, false));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "for=192.0.2.43 | 192.0.2.43 0",
                "For=192.0.2.43; PROTO=https; by=203.0.113.43 | 192.0.2.43 0 tls",
                "for=192.0.2.43;proto=http | 192.0.2.43 0",
                "for=192.0.2.43;proto=wss | 192.0.2.43 0 tls",
                "for=192.0.2.43;proto=gopher | 192.0.2.43 0",
                "for=\"192.0.2.43:47011\" | 192.0.2.43 47011",
                "for=\"192.0.2.43:_port\" | 192.0.2.43 0",
                "for=\"\\1\\92.0.2.43\" | 192.0.2.43 0",
                "for=\"[2001:db8:cafe::17]\" | 2001:db8:cafe:0:0:0:0:17 0",
                "for=\"[2001:db8:cafe::17]:4711\" | 2001:db8:cafe:0:0:0:0:17 4711",
                "for=\"[::ffff:192.0.2.43]\" | 192.0.2.43 0", // the same client in other forms
                "for=unknown | hidden",
                "for=\"unknown:80\" | hidden",
                "for=_gazonk | hidden",
                "for=\"_gazonk:_secret\" | hidden",
                "for=_gazonk;proto=https | hidden tls",
                "proto=https | hidden tls", // the proxy does not name the client
                "for=6.6.6.6, for=192.0.2.43 | 192.0.2.43 0", // the client itself has written the first one
                "for=6.6.6.6;proto=https, for=192.0.2.43 | 192.0.2.43 0",
                "for=192.0.2.43;proto=https, for=10.9.9.9;proto=http | 192.0.2.43 0 tls", // two of our own proxies
                "for=6.6.6.6, for=192.0.2.43, for=10.9.9.9, for=\"[fd00::1]:80\" | 192.0.2.43 0",
                "for=192.0.2.1, for=10.9.9.9 | 192.0.2.1 0", // the proxy has made this request itself
                "for=6.6.6.6, for=unknown, for=10.9.9.9 | hidden",
                "for=garbage, for=192.0.2.43 | 192.0.2.43 0", // never read
                ", ,for=192.0.2.43, | 192.0.2.43 0",
                "host=\"a,b;for=6.6.6.6\";for=192.0.2.43 | 192.0.2.43 0",
                "` ` | 10.1.2.3 4711",
            })
    void forwardedIsReadFromItsEnd(String value, String client) {
        assertEquals(client, forwarded(value));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // without the quotes that the RFC demands
                "for=2001:db8::17;proto=https | 2001:db8:0:0:0:0:0:17 0 tls",
                "for=[2001:db8::17]:4711 | 2001:db8:0:0:0:0:0:17 4711",
                "for=[::1] | 0:0:0:0:0:0:0:1 0",
                "for=1.2.3.4:80 | 1.2.3.4 80",
                "for=2001:db8:cafe:0:0:0:0:17:4711 | 2001:db8:cafe:0:0:0:0:17 4711",
                "for=2001:db8::17:65535 | 2001:db8:0:0:0:0:0:17 65535", // no group of an IPv6 address has five digits
                "for=::ffff:1.2.3.4:80 | 1.2.3.4 80",
                "for=1.2.3.4; host=a:80; proto=https | 1.2.3.4 0 tls",
                // a zone is ignored
                "for=\"[fe80::1%25eth0]:80\" | fe80:0:0:0:0:0:0:1 80",
                "for=fe80::1%2 | fe80:0:0:0:0:0:0:1 0",
                // an invalid port
                "for=\"1.2.3.4:\" | 1.2.3.4 0",
                "for=\"[::1]:65536\" | 0:0:0:0:0:0:0:1 0",
                "for=\"1.2.3.4:-1\" | 1.2.3.4 0",
                // spaces where the grammar allows none
                "for = 1.2.3.4 ;proto = https | 1.2.3.4 0 tls",
                "for= \"1.2.3.4\" , for=10.9.9.9 | 1.2.3.4 0",
                // an unused parameter
                "for=1.2.3.4;by | 1.2.3.4 0",
                "for=1.2.3.4;by=[::g;x=:;=;proto=https | 1.2.3.4 0 tls",
                "for=1.2.3.4;by=_x;by=_y | 1.2.3.4 0",
                "secret=\"a;b,c\";for=1.2.3.4 | 1.2.3.4 0",
                // ambiguous or unreadable values
                "for=2001:db8::1:8080 | hidden",
                "for=\"2001:db8::1:8080\" | hidden",
                "for=1.2.3.4;for=6.6.6.6 | hidden",
                "for=1.2.3.4;FOR=6.6.6.6 | hidden",
                "for=1.2.3.4 for=6.6.6.6 | hidden",
                "for=1.2.3.4;proto=https;proto=http | 1.2.3.4 0",
                "for= | hidden",
                "for | hidden",
                "=1.2.3.4 | hidden",
                "for=\"1.2.3.4 | hidden",
                "for=\"1.2.3.4\\ | hidden",
                "for=\"6.6.6.6, for=1.2.3.4 | hidden",
                "for=\"6.6.6.6, for=\"1.2.3.4\" | hidden",
                "x=\", for=1.2.3.4 | hidden",
                "x\"=\", for=1.2.3.4 | hidden",
                "x=y\", for=1.2.3.4 | hidden",
                "for=\"[1.2.3.4]\" | hidden",
                "for=\"[::1\" | hidden",
                "for=\"::1]\" | hidden",
                "for=\"[::1]x\" | hidden",
                "for=\":80\" | hidden",
                "for=\"\" | hidden",
                "for=1.2.3 | hidden",
                "for=1.2.3.4.5 | hidden",
                "for=1.2.3.256 | hidden",
                "for=1.2.3.04 | hidden",
                "for=0x01020304 | hidden",
                "for=example.org | hidden",
                "for=unknownish | hidden",
            })
    void forwardedIsReadIfItIsClearAndNoRequestIsRefused(String value, String client) {
        assertEquals(client, forwarded(value));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // proxy trusted by | peer | X-Forwarded-For | client
                "127.0.0.1 | 127.0.0.1 | 203.0.113.7, unix: | 203.0.113.7 0",
                "unix: | - | 203.0.113.7, unix: | 203.0.113.7 0",
                "unix: | - | unix: | hidden",
                "127.0.0.1 | 127.0.0.1 | unix: | hidden",
                "127.0.0.1 | 127.0.0.1 | 203.0.113.7, unix:, unix: | hidden", // the second proxy is unknown
                "unix: | - | 203.0.113.7, unix:, unix: | 203.0.113.7 0",
                "10.0.0.0/8 | 10.1.2.3 | 203.0.113.7, unix: | hidden", // processes of another machine
                "10.0.0.0/8 | 10.1.2.3 | 203.0.113.7, unix:/run/x.sock | hidden",
            })
    void aUnixSocketIsALocalHop(String trusted, String peer, String addresses, String client) {
        InetSocketAddress from = peer.equals("-") ? null : address(peer, 4711);
        HttpRequest request = request("X-Forwarded-For", addresses);
        assertEquals(client, shown(TrustedProxies.xForwarded(trusted).client(request, from, false)));
        HttpRequest forwarded = request("Forwarded", "for=\"" + addresses.replace(", ", "\", for=\"") + "\"");
        assertEquals(client, shown(TrustedProxies.forwarded(trusted).client(forwarded, from, false)));
    }

    @Test
    void aForwardedHostIsTrustedOnlyIfConfigured() {
        HttpRequest request = request(
                "Host",
                "internal:8080",
                "X-Forwarded-For",
                "1.2.3.4",
                "X-Forwarded-Host",
                "a.example",
                "X-Forwarded-Port",
                "8443");
        TrustedProxies proxies = TrustedProxies.xForwarded(OURS);
        assertNull(proxies.client(request, PROXY, false).authority());
        assertEquals(
                "a.example:8443",
                proxies.withHosts().client(request, PROXY, false).authority());
        assertNull(proxies.withHosts().client(request, STRANGER, false).authority());
        HttpRequest forwarded =
                request("Forwarded", "for=6.6.6.6;host=evil.example, for=1.2.3.4;host=\"a.example:81\"");
        assertEquals(
                "a.example:81",
                TrustedProxies.forwarded(OURS)
                        .withHosts()
                        .client(forwarded, PROXY, false)
                        .authority());
        for (String bad : List.of("a b", "a/b", "", "u@a", "a.example:0")) {
            HttpRequest wrong = request("X-Forwarded-For", "1.2.3.4", "X-Forwarded-Host", bad);
            assertNull(proxies.withHosts().client(wrong, PROXY, false).authority(), bad);
        }
    }

    @Test
    void theOriginIsComparedWithTheHostHeader() {
        HttpRequest request = new HttpRequest(
                "GET",
                "/a",
                HttpVersion.HTTP_1_1,
                Headers.of(
                        "Host", "internal:8080",
                        "Upgrade", "websocket",
                        "Connection", "Upgrade",
                        "Sec-WebSocket-Key", Samples.KEY,
                        "Sec-WebSocket-Version", "13",
                        "Origin", "https://a.example",
                        "X-Forwarded-For", "1.2.3.4",
                        "X-Forwarded-Proto", "wss", // the value of Traefik
                        "X-Forwarded-Host", "a.example",
                        "X-Forwarded-Port", "443"));
        TrustedProxies proxies = TrustedProxies.xForwarded(OURS);
        UpgradeRequest upgrade =
                Samples.SERVER.check(request, proxies.withHosts().client(request, PROXY, false));
        assertEquals("wss://a.example:443/a", upgrade.url());
        assertTrue(upgrade.secure());
        HandshakeException refusal = assertThrows(
                HandshakeException.class, () -> Samples.SERVER.check(request, proxies.client(request, PROXY, false)));
        assertEquals(403, refusal.status());
    }

    @Test
    void aHeaderOfTheProxysOwnHoldsTheAddress() {
        TrustedProxies proxies = TrustedProxies.addressHeader("X-Real-IP", OURS);
        HttpRequest request =
                request("X-Real-IP", "2001:db8::1", "X-Forwarded-For", "6.6.6.6", "X-Forwarded-Proto", "https");
        assertEquals("2001:db8:0:0:0:0:0:1 0 tls", shown(proxies.client(request, PROXY, false)));
        assertEquals("198.51.100.1 4711", shown(proxies.client(request, STRANGER, false)));
        HttpRequest twice = request("X-Real-IP", "6.6.6.6", "X-Real-IP", "192.0.2.43");
        assertEquals("hidden", shown(proxies.client(twice, PROXY, false)));
        assertEquals("hidden", shown(proxies.client(request("X-Real-IP", "6.6.6.6, 1.2.3.4"), PROXY, false)));
        assertEquals("10.1.2.3 4711", shown(proxies.client(request("X-Forwarded-For", "6.6.6.6"), PROXY, false)));
        assertThrows(IllegalArgumentException.class, () -> TrustedProxies.addressHeader("X Y", OURS));
    }

    @Test
    void theSchemeAloneIsTrustedToo() {
        HttpRequest request = request("X-Forwarded-Proto", "https");
        assertEquals("10.1.2.3 4711 tls", shown(TrustedProxies.xForwarded(OURS).client(request, PROXY, false)));
        assertEquals("198.51.100.1 4711", shown(TrustedProxies.xForwarded(OURS).client(request, STRANGER, false)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "192.0.2.43 | | 192.0.2.43 0",
                "192.0.2.43 | https | 192.0.2.43 0 tls",
                "192.0.2.43:80 | http | 192.0.2.43 80",
                "2001:db8::1 | https | 2001:db8:0:0:0:0:0:1 0 tls",
                "[2001:db8::1]:80 | https | 2001:db8:0:0:0:0:0:1 80 tls",
                "unknown | https | hidden tls",
                "6.6.6.6, 192.0.2.43 | | 192.0.2.43 0",
                "evil \" ;garbage, 192.0.2.43 | | 192.0.2.43 0",
                "6.6.6.6, 192.0.2.43 | https, http | 192.0.2.43 0", // the https of the client is not trusted
                "192.0.2.43, 10.9.9.9 | https, http | 192.0.2.43 0 tls", // each proxy has added its entry
                "192.0.2.43, 10.9.9.9 | https | 192.0.2.43 0 tls", // the last proxy has passed it on or overwritten it
                "192.0.2.43,, 10.9.9.9 , 192.0.2.1 | | 192.0.2.43 0",
            })
    void xForwardedForIsReadFromItsEnd(String addresses, String proto, String client) {
        HttpRequest request = proto == null
                ? request("X-Forwarded-For", addresses)
                : request("X-Forwarded-For", addresses, "X-Forwarded-Proto", proto);
        TrustedProxies proxies = TrustedProxies.xForwarded(OURS);
        assertEquals(client, shown(proxies.client(request, PROXY, false)));
        assertEquals("198.51.100.1 4711", shown(proxies.client(request, STRANGER, false)));
    }

    @Test
    void severalLinesAreOneList() {
        TrustedProxies proxies = TrustedProxies.xForwarded(OURS);
        HttpRequest request = request("X-Forwarded-For", "6.6.6.6", "X-Forwarded-For", "192.0.2.43");
        assertEquals("192.0.2.43 0", shown(proxies.client(request, PROXY, false)));
        HttpRequest forwarded = request("Forwarded", "for=192.0.2.43", "Forwarded", "for=10.0.0.1");
        assertEquals("192.0.2.43 0", shown(TrustedProxies.forwarded(OURS).client(forwarded, PROXY, false)));
    }

    @Test
    void aLineThatTheClientHasWrittenIsIgnored() {
        for (String own : List.of("for=2001:db8::1", "for=\"", "=", "for=10.0.0.1")) {
            HttpRequest request = request("Forwarded", own, "Forwarded", "for=192.0.2.43;proto=https");
            assertEquals(
                    "192.0.2.43 0 tls", shown(TrustedProxies.forwarded(OURS).client(request, PROXY, false)));
            HttpRequest deeper = request("Forwarded", own, "Forwarded", "for=192.0.2.43", "Forwarded", "for=10.0.0.1");
            assertEquals("192.0.2.43 0", shown(TrustedProxies.forwarded(OURS).client(deeper, PROXY, false)));
        }
        HttpRequest hidden = request("Forwarded", "for=6.6.6.6", "Forwarded", "for=unknown");
        assertEquals("hidden", shown(TrustedProxies.forwarded(OURS).client(hidden, PROXY, false)));
        HttpRequest empty = request("Forwarded", "for=192.0.2.43", "Forwarded", "");
        assertEquals("192.0.2.43 0", shown(TrustedProxies.forwarded(OURS).client(empty, PROXY, false)));
    }

    @Test
    void aHeaderThatTheProxyDoesNotWriteIsWrittenByTheClient() {
        HttpRequest both = request("Forwarded", "for=6.6.6.6", "X-Forwarded-For", "192.0.2.43");
        assertEquals("192.0.2.43 0", shown(TrustedProxies.xForwarded(OURS).client(both, PROXY, false)));
        assertEquals("6.6.6.6 0", shown(TrustedProxies.forwarded(OURS).client(both, PROXY, false)));
        HttpRequest malformed = request("Forwarded", "for=", "X-Forwarded-For", "192.0.2.43");
        assertEquals("192.0.2.43 0", shown(TrustedProxies.xForwarded(OURS).client(malformed, PROXY, false)));
    }

    @Test
    void byDefaultAndWithoutAHeaderTheClientIsThePeer() {
        HttpRequest spoofed = request("Forwarded", "for=6.6.6.6;proto=https", "X-Forwarded-For", "6.6.6.6");
        assertEquals("10.1.2.3 4711", shown(TrustedProxies.none().client(spoofed, PROXY, false)));
        assertEquals("hidden tls", shown(TrustedProxies.none().client(spoofed, null, true)));
        assertEquals("10.1.2.3 4711 tls", shown(TrustedProxies.forwarded(OURS).client(request(), PROXY, true)));
    }

    @Test
    void peersOfAUnixDomainSocketAreTrustedIfConfigured() {
        HttpRequest request = request("X-Forwarded-For", "192.0.2.43");
        assertEquals("hidden", shown(TrustedProxies.xForwarded(OURS).client(request, null, false)));
        assertEquals("192.0.2.43 0", shown(TrustedProxies.xForwarded("unix:").client(request, null, false)));
        assertFalse(TrustedProxies.xForwarded("unix:").isTrusted(PROXY));
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.255.255, 11.0.0.0",
        "192.0.2.128/25, 192.0.2.128, 192.0.2.127",
        "192.0.2.7, 192.0.2.7, 192.0.2.6",
        "192.0.2.7/32, 192.0.2.7, 192.0.2.15",
        "0.0.0.0/0, 255.1.2.3, ::1",
        "2001:db8::/33, 2001:db8:7fff::1, 2001:db8:8000::1",
        "::1, ::1, ::2",
        "::/0, fe80::1, 127.0.0.1",
        "::ffff:10.0.0.1, 10.0.0.1, ::1",
    })
    void aBlockIsAPrefix(String block, String inside, String outside) {
        TrustedProxies proxies = TrustedProxies.forwarded(block);
        assertTrue(proxies.isTrusted(address(inside, 1)));
        assertFalse(proxies.isTrusted(address(outside, 1)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10.0.0.0/33",
                "::/129",
                "10.0.0.0/",
                "10.0.0.0/-1",
                "10.0.0.0/+8",
                "10.0.0.0/8/8",
                "10.0.0.1/8",
                "10.0.0.0/x",
                "/8",
                "10.0.0/8",
                "proxy.example.org",
                "fe80::1%eth0",
                "::1::",
                ":::",
                "1::2::3",
                ":",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "::1:2:3:4:5:6:7:8",
                "12345::",
                "1.2.3.4::",
                "::1.2.3.4:5",
                ":1::",
                "1:",
                "1:2:3:4:5:6:7:1.2.3.4",
                "g::",
                "unix",
                "1.2.3.4 "
            })
    void aMalformedBlockIsAMistakeOfTheCaller(String block) {
        assertThrows(IllegalArgumentException.class, () -> TrustedProxies.forwarded(block));
    }
}
