package dev.tenon.ws.handshake;

import static dev.tenon.ws.handshake.Samples.SERVER;
import static dev.tenon.ws.handshake.Samples.with;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The handshake in HTTP/2 and in servers of others, which give it a map of headers. */
class ServerHandshakeHostsTest extends ServerHandshakeTestBase {
    @Nested
    class HeadersOfOtherServers {
        @Test
        void aHeaderMapIsEnough() {
            Map<String, List<String>> map = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            check(with("X: y")).headers().toMap().forEach(map::put);
            HttpRequest request = new HttpRequest("GET", "/chat", HttpVersion.HTTP_1_1, Headers.of(map));
            Agreement agreement = SERVER.accept(SERVER.check(request, false, null));
            assertEquals(101, agreement.response().status());
            assertEquals(
                    List.of(Samples.ACCEPT),
                    agreement.response().headers().toMap().get("sec-websocket-accept"));
        }

        private static final Headers CONNECT = Headers.of( // RFC 8441 §5.1
                ":method", "CONNECT",
                ":protocol", "websocket",
                ":scheme", "https",
                ":path", "/chat",
                ":authority", "server.example.com",
                "sec-websocket-protocol", "chat, superchat",
                "sec-websocket-extensions", "x-test",
                "sec-websocket-version", "13",
                "origin", "https://server.example.com");

        @ParameterizedTest
        @ValueSource(strings = {"HTTP_2", "HTTP_3"})
        void anExtendedConnectIsAnsweredWith200AndNoKey(HttpVersion version) {
            HttpRequest request = HttpRequest.ofPseudoHeaders(version, CONNECT);
            assertTrue(ServerHandshake.isUpgrade(request));
            UpgradeRequest upgrade = SERVER.check(request, true, null);
            assertNull(upgrade.key());
            Agreement agreement = SERVER.accept(upgrade);
            assertEquals(200, agreement.response().status());
            assertEquals("wss://server.example.com/chat", agreement.upgrade().url());
            assertEquals(
                    Headers.of("Sec-WebSocket-Protocol", "chat", "Sec-WebSocket-Extensions", "x-test"),
                    agreement.response().headers());
        }

        @ParameterizedTest
        @CsvSource({
            ":method, GET, 400", ":protocol, connect-udp, 501", ":protocol, '', 501", ":path, '*', 400",
            ":scheme, , 400", ":authority, a@b, 400", ":authority, , 400", ":protocol, , 400",
            "sec-websocket-version, 12, 426", "sec-websocket-version, , 400", "origin, https://evil.example.com, 403"
        })
        void aBadExtendedConnectIsRefused(String name, String value, int status) {
            Headers.Builder headers = CONNECT.toBuilder().remove(name);
            HttpRequest request = HttpRequest.ofPseudoHeaders(
                    HttpVersion.HTTP_2, (value == null ? headers : headers.add(name, value)).build());
            HandshakeException e = assertThrows(HandshakeException.class, () -> SERVER.check(request, true, null));
            assertEquals(status, e.status());
            assertNotNull(e.response());
            assertNull(e.response().headers().first("Connection"), "RFC 9113 §8.2.2");
            assertNull(e.response().headers().first("Upgrade"), "RFC 9113 §8.2.2");
        }

        @ParameterizedTest
        @CsvSource({
            ":path, /other, 400 a pseudo-header is repeated: :path",
            ":authority, server.example.com, 400 a pseudo-header is repeated: :authority",
            ":scheme, http, 400 a pseudo-header is repeated: :scheme",
            ":protocol, websocket, 400 a pseudo-header is repeated: :protocol",
            "connection, Upgrade, 400 HTTP/2 and HTTP/3 do not allow this header: Connection",
            "upgrade, websocket, 400 HTTP/2 and HTTP/3 do not allow this header: Upgrade",
            "transfer-encoding, chunked, 400 HTTP/2 and HTTP/3 do not allow this header: Transfer-Encoding",
            "host, other.example.com, 400 the Host is not the :authority"
        })
        void anExtendedConnectThatTwoReadersCouldTakeInTwoWaysIsRefused(String name, String value, String expected) {
            HttpRequest request = HttpRequest.ofPseudoHeaders(
                    HttpVersion.HTTP_2, CONNECT.toBuilder().add(name, value).build());
            HandshakeException e = assertThrows(HandshakeException.class, () -> SERVER.check(request, true, null));
            assertEquals(expected, e.status() + " " + e.getMessage());
        }

        @Test
        void twoHostsAreRefusedWhetherThereIsAnAuthorityOrNot() {
            for (Headers.Builder headers :
                    List.of(CONNECT.toBuilder(), CONNECT.toBuilder().remove(":authority"))) {
                String host = "server.example.com";
                HttpRequest request = HttpRequest.ofPseudoHeaders(
                        HttpVersion.HTTP_2,
                        headers.add("host", host).add("host", host).build());
                HandshakeException e = assertThrows(HandshakeException.class, () -> SERVER.check(request, true, null));
                assertEquals("400 the request has more than one Host", e.status() + " " + e.getMessage());
            }
        }

        @Test
        void aHostEqualToTheAuthorityIsAllowed() {
            HttpRequest request = HttpRequest.ofPseudoHeaders(
                    HttpVersion.HTTP_2,
                    CONNECT.toBuilder().add("host", "Server.example.com").build());
            assertEquals("server.example.com", SERVER.check(request, true, null).authority());
        }

        @Test
        void responsesLoseTheirConnectionHeadersInHttp2Only() {
            HttpResponse response = HandshakeException.refuse(
                            RequestViolation.ORIGIN_NOT_ALLOWED,
                            Headers.of("WWW-Authenticate", "Basic realm=\"a\"", "keep-alive", "1"))
                    .toResponse();
            assertEquals(response, response.forVersion(HttpVersion.HTTP_1_1));
            HttpResponse stream = response.forVersion(HttpVersion.HTTP_2);
            assertEquals(
                    Headers.of("Content-Type", "text/plain; charset=utf-8", "WWW-Authenticate", "Basic realm=\"a\""),
                    stream.headers());
            assertEquals(response.body(), stream.body());
        }

        @Test
        void plainRequestsOfHttp2AreNoUpgrade() {
            HttpRequest get = HttpRequest.ofPseudoHeaders(
                    HttpVersion.HTTP_2, Headers.of(":method", "GET", ":path", "/", "upgrade", "websocket"));
            assertFalse(ServerHandshake.isUpgrade(get));
            assertThrows(IllegalStateException.class, get::encode);
            assertThrows(
                    IllegalArgumentException.class,
                    () -> HttpRequest.ofPseudoHeaders(HttpVersion.HTTP_2, Headers.of(":method", "GET")));
        }
    }
}
