package dev.tenon.ws.handshake;

import static dev.tenon.ws.handshake.Samples.REQUEST;
import static dev.tenon.ws.handshake.Samples.SERVER;
import static dev.tenon.ws.handshake.Samples.bytes;
import static dev.tenon.ws.handshake.Samples.replace;
import static dev.tenon.ws.handshake.Samples.serve;
import static dev.tenon.ws.handshake.Samples.set;
import static dev.tenon.ws.handshake.Samples.with;
import static dev.tenon.ws.handshake.Samples.without;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.extension.ExtensionOffer;
import dev.tenon.ws.extension.Extensions;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerHandshakeTest extends ServerHandshakeTestBase {
    @Test
    void theExampleOfTheRfcIsAnswered() {
        assertEquals(
                String.join(
                        "\r\n",
                        "left 0\nws://server.example.com/chat?room=1\nHTTP/1.1 101 Switching Protocols",
                        "Upgrade: websocket",
                        "Connection: Upgrade",
                        "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
                        "Sec-WebSocket-Protocol: chat",
                        "Sec-WebSocket-Extensions: x-test",
                        "",
                        ""),
                serve(bytes(REQUEST), 9999));
    }

    @Test
    void theApplicationSeesTheWholeRequest() {
        InetSocketAddress peer = InetSocketAddress.createUnresolved("192.0.2.7", 4711);
        UpgradeRequest parsed = check(head -> with("Cookie: a=b")
                .apply(set("Origin", "https://server.example.com").apply(head)));
        UpgradeRequest request = SERVER.check(parsed.request(), true, peer);
        assertEquals("/chat", request.path());
        assertEquals("room=1", request.query());
        assertEquals("wss://server.example.com/chat?room=1", request.url());
        assertEquals("server.example.com", request.authority());
        assertEquals("a=b", request.headers().first("cookie"));
        assertEquals(Samples.KEY, request.key());
        assertEquals(List.of("chat", "superchat"), request.subprotocols());
        assertEquals(List.of(ExtensionOffer.of("x-test")), request.extensions());
        assertTrue(request.secure());
        assertEquals(peer, request.peer());
    }

    @ParameterizedTest
    @ValueSource(strings = {"keep-alive, Upgrade", "UPGRADE", "close ,\tupgrade,,", ",upgrade"})
    void connectionIsAListWithoutCase(String value) {
        assertTrue(accepted(set("Connection", value)).startsWith("HTTP/1.1 101 "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"WebSocket", "h2c, websocket", "WEBSOCKET,foo/2"})
    void upgradeIsAListWithoutCase(String value) {
        assertTrue(accepted(set("Upgrade", value)).startsWith("HTTP/1.1 101 "));
    }

    @ParameterizedTest
    @CsvSource({ // the empty values of React Native and others
        "Sec-WebSocket-Protocol, ''",
        "Sec-WebSocket-Protocol, ', ,'",
        "Sec-WebSocket-Protocol, ',superchat,,chat'",
        "Sec-WebSocket-Extensions, ''",
        "Sec-WebSocket-Extensions, ' ,'",
        "Sec-WebSocket-Extensions, ',x-test'"
    })
    void emptyElementsOfAListCountAsNone(String name, String value) { // RFC 9110 §5.6.1
        Agreement agreement = SERVER.accept(check(set(name, value)));
        assertEquals(101, agreement.response().status());
        boolean offers = !name.equals("Sec-WebSocket-Protocol") || value.contains("chat");
        assertEquals(offers ? "chat" : "", agreement.upgrade().subprotocol());
        assertEquals(offers ? 1 : 0, agreement.response().headers().count("Sec-WebSocket-Protocol"));
        boolean extends_ = !name.equals("Sec-WebSocket-Extensions") || value.contains("x-test");
        assertEquals(extends_ ? 1 : 0, agreement.upgrade().extensions().size());
    }

    @Test
    void theServerPrefersASubprotocol() {
        UpgradeRequest request = check(UnaryOperator.identity());
        assertEquals("superchat", request.selectSubprotocol(List.of("mqtt", "superchat", "chat")));
        assertEquals("", request.selectSubprotocol(List.of("mqtt")));
        assertEquals("", request.selectSubprotocol(List.of()));
        ServerHandshake server =
                new ServerHandshake(Extensions.none(), List.of("superchat", "chat"), OriginPolicy.any());
        assertEquals("superchat", server.accept(request).upgrade().subprotocol());
    }

    @Test
    void anUpgradeInHttp10IsPlainHttpWithAHint() { // RFC 9110 §7.8
        HttpRequest request = HttpHeadParser.forRequests(HeadLimits.DEFAULT)
                .parse(ByteBuffer.wrap(bytes(replace("HTTP/1.1", "HTTP/1.0").apply(REQUEST))));
        assertNotNull(request);
        assertFalse(ServerHandshake.isUpgrade(request));
        String hint = ServerHandshake.hint(request);
        assertEquals(
                "this request asks for a WebSocket in HTTP/1.0, which cannot upgrade:"
                        + " a proxy in between has to speak HTTP/1.1 to this server",
                hint);
        HandshakeException refusal = assertThrows(HandshakeException.class, () -> SERVER.check(request, false, null));
        assertEquals(426, refusal.status());
        assertTrue(refusal.toResponse().bodyText().contains(hint), refusal.toResponse()::bodyText);
    }

    @Test
    void aKeyWithoutAnUpgradeIsPlainHttpWithAHint() {
        HttpRequest request = HttpHeadParser.forRequests(HeadLimits.DEFAULT)
                .parse(ByteBuffer.wrap(
                        bytes(without("Upgrade").andThen(without("Connection")).apply(REQUEST))));
        assertNotNull(request);
        assertTrue(String.valueOf(ServerHandshake.hint(request)).contains("pass Upgrade and Connection on"));
        HttpRequest plain = new HttpRequest("GET", "/", HttpVersion.HTTP_1_0, Headers.empty());
        assertNull(ServerHandshake.hint(plain));
        HttpRequest whole = HttpHeadParser.forRequests(HeadLimits.DEFAULT).parse(ByteBuffer.wrap(bytes(REQUEST)));
        assertNotNull(whole);
        assertNull(ServerHandshake.hint(whole), "a handshake that lacks nothing, for a path without a route");
    }

    @Test
    void theSpecificationsOwnKeyWithSpareBitsIsAccepted() { // RFC 6455 §4.1 gives it as an example
        assertTrue(
                accepted(set("Sec-WebSocket-Key", "AQIDBAUGBwgJCgsMDQ4PEC==")).startsWith("HTTP/1.1 101 "));
    }

    @Test
    void anEmptyBodyMayBeDeclared() {
        assertTrue(accepted(with("Content-Length: 0")).startsWith("HTTP/1.1 101 "));
    }

    @Test
    void aLaterMinorVersionIsReadAsHttp11() { // RFC 9110 §2.5
        assertTrue(accepted(replace("HTTP/1.1", "HTTP/1.2")).startsWith("HTTP/1.1 101 "));
    }

    @Test
    void anAbsoluteTargetOverridesHost() { // RFC 9112 §3.2.2
        UpgradeRequest request = check(
                replace("GET /", "GET http://server.example.com:80/").andThen(set("Host", "other.example.com"))::apply);
        assertEquals("ws://server.example.com:80/chat?room=1", request.url());
        assertEquals("/chat", request.path());
    }

    @Test
    void aPlainRequestIsNoUpgradeAndGetsAHintIfAnUpgradeIsRequired() {
        HttpRequest plain = new HttpRequest("GET", "/", HttpVersion.HTTP_1_1, Headers.of("Host", "a"));
        assertFalse(ServerHandshake.isUpgrade(plain));
        HandshakeException e = assertThrows(HandshakeException.class, () -> SERVER.check(plain, false, null));
        assertEquals(426, e.status());
        assertNotNull(e.response());
        assertEquals("websocket", e.response().headers().first("Upgrade"));
        assertTrue(e.response().headers().hasToken("Connection", "close"));
        assertTrue(serve(bytes(without("Upgrade").apply(REQUEST)), 9999).contains("plain "));
    }

    @Test
    void otherMethodsGetTheAllowedOnes() {
        HandshakeException e = assertThrows(HandshakeException.class, () -> check(replace("GET", "POST")));
        assertNotNull(e.response());
        assertEquals("GET", e.response().headers().first("Allow"));
    }

    @Nested
    class Decisions {
        @Test
        void theApplicationChoosesTheSubprotocolAndAddsHeaders() {
            Agreement agreement =
                    SERVER.accept(check(with("X: y")), "superchat", Headers.of("Set-Cookie", "a=b; HttpOnly"));
            assertEquals("superchat", agreement.upgrade().subprotocol());
            assertEquals("a=b; HttpOnly", agreement.response().headers().first("set-cookie"));
            assertEquals("superchat", agreement.response().headers().first("sec-websocket-protocol"));
        }

        @Test
        void noneOfTheSubprotocolsIsResponseEnough() {
            Agreement agreement = SERVER.accept(check(set("Sec-WebSocket-Protocol", "other")));
            assertEquals("", agreement.upgrade().subprotocol());
            assertNull(agreement.response().headers().first("Sec-WebSocket-Protocol"));
        }

        @Test
        void aSubprotocolThatWasNotOfferedCannotBeChosen() {
            UpgradeRequest request = check(with("X: y"));
            assertThrows(IllegalArgumentException.class, () -> SERVER.accept(request, "Chat", Headers.empty()));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "Upgrade",
                    "connection",
                    "Sec-WebSocket-Accept",
                    "sec-websocket-extensions",
                    "Content-Length",
                    "Transfer-Encoding",
                    ":status"
                })
        void headersOfTheHandshakeCannotBeAdded(String name) {
            UpgradeRequest request = check(with("X: y"));
            Headers extra = Headers.of(name, "x");
            assertThrows(IllegalArgumentException.class, () -> SERVER.accept(request, "", extra));
        }

        @Test
        void aRefusalMaySayAnything() {
            HttpResponse refusal = HttpResponse.text(401, "who?")
                    .withHeaders(Headers.of("WWW-Authenticate", "Basic realm=\"x\""))
                    .withConnectionClose();
            assertEquals(
                    "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"\r\nConnection: close\r\n"
                            + "Content-Length: 4\r\n\r\nwho?",
                    Samples.text(refusal.encode()));
        }
    }

    @Nested
    class Negotiation {
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "x-test; level=99, x-test; level=2 | x-test; level=2",
                    "x-test; level=\"3\" | x-test; level=3",
                    "x-unknown, x-test | x-test",
                    "x-test, x-test; level=1 | x-test",
                    "x-same-bit, x-test, x-other-bit | x-same-bit, x-other-bit",
                })
        void offersAreTakenInOrderAndConflictsDeclined(String offers, String response) {
            ServerHandshake server = new ServerHandshake(
                    Extensions.of(
                            new Samples.TestExtension("x-test", 4),
                            new Samples.TestExtension("x-same-bit", 4),
                            new Samples.TestExtension("x-other-bit", 2)),
                    List.of(),
                    OriginPolicy.any());
            UpgradeRequest request = check(set("Sec-WebSocket-Extensions", offers));
            Agreement agreement = server.accept(server.check(request.request(), false, null));
            assertEquals(response, agreement.response().headers().first("Sec-WebSocket-Extensions"));
        }

        @Test
        void offersOfSeveralLinesAreOneList() {
            UpgradeRequest request = check(with("Sec-WebSocket-Extensions: x-b, x-c"));
            assertEquals(
                    List.of("x-test", "x-b", "x-c"),
                    request.extensions().stream().map(ExtensionOffer::name).toList());
        }
    }
}
