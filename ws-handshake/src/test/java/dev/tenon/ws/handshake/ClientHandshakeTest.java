package dev.tenon.ws.handshake;

import static dev.tenon.ws.handshake.Samples.ANSWER;
import static dev.tenon.ws.handshake.Samples.bytes;
import static dev.tenon.ws.handshake.Samples.client;
import static dev.tenon.ws.handshake.Samples.set;
import static dev.tenon.ws.handshake.Samples.with;
import static dev.tenon.ws.handshake.Samples.without;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientHandshakeTest {
    private static final WebSocketUri URI = WebSocketUri.parse("wss://example.org:8443/chat?a=b");

    private static HandshakeException refused(ClientHandshake client, String response) {
        return assertThrows(HandshakeException.class, () -> client.receive(ByteBuffer.wrap(bytes(response))));
    }

    @Nested
    class Requests {
        @Test
        void theRequestHasAllHeadersThatTheRfcRequires() {
            String key = Samples.KEY;
            assertEquals(
                    String.join(
                            "\r\n",
                            "GET /chat?room=1 HTTP/1.1",
                            "Host: server.example.com",
                            "Upgrade: websocket",
                            "Connection: Upgrade",
                            "Sec-WebSocket-Key: " + key,
                            "Sec-WebSocket-Version: 13",
                            "Sec-WebSocket-Protocol: chat, superchat",
                            "Sec-WebSocket-Extensions: x-test, x-same-bit, x-other-bit",
                            "",
                            ""),
                    Samples.text(client().request().encode()));
        }

        @Test
        void everyHandshakeHasAKeyOfItsOwn() {
            ClientHandshake.Builder builder = ClientHandshake.to(URI);
            String first = builder.start().request().headers().first("Sec-WebSocket-Key");
            String second = builder.start().request().headers().first("Sec-WebSocket-Key");
            assertNotEquals(first, second);
            assertNotNull(first);
            assertEquals(16, java.util.Base64.getDecoder().decode(first).length);
        }

        @Test
        void headersAreAdded() {
            HttpRequest request = ClientHandshake.to(URI)
                    .header("Origin", "https://example.org")
                    .headers(Headers.of("Cookie", "a=b", "Cookie", "c=d"))
                    .start()
                    .request();
            assertEquals("https://example.org", request.headers().first("origin"));
            assertEquals(List.of("a=b", "c=d"), request.headers().all("cookie"));
            assertEquals("example.org:8443", request.headers().first("host"));
        }

        @ParameterizedTest
        @CsvSource({
            "Host, x",
            "upgrade, x",
            "Connection, close",
            "Sec-WebSocket-Key, x",
            "sec-websocket-foo, x",
            "Content-Length, 1",
            "Transfer-Encoding, chunked",
            "Expect, 100-continue",
            ":path, /",
            "X Y, x",
            "'', x",
            "X:, x",
            "X, 'a\r\nHost: evil'",
            "X, 'a\n'",
            "X, '\r\n'",
            "X, 'a\0b'",
            "X, €"
        })
        void injectionsAreRefused(String name, String value) {
            ClientHandshake.Builder builder = ClientHandshake.to(URI);
            assertThrows(IllegalArgumentException.class, () -> builder.header(name, value));
        }

        @Test
        void subprotocolsAreDifferentTokens() {
            ClientHandshake.Builder builder = ClientHandshake.to(URI);
            assertThrows(IllegalArgumentException.class, () -> builder.subprotocols(List.of("a", "a")));
            assertThrows(IllegalArgumentException.class, () -> builder.subprotocols(List.of("a,b")));
            assertThrows(IllegalArgumentException.class, () -> builder.subprotocols(List.of("")));
        }

        @Test
        void anExtendedConnectHasNoKey() { // RFC 8441 §5.1
            ClientHandshake handshake = ClientHandshake.to(URI)
                    .version(HttpVersion.HTTP_2)
                    .subprotocols(List.of("chat"))
                    .start();
            assertEquals(
                    Headers.of(
                            ":method", "CONNECT",
                            ":protocol", "websocket",
                            ":scheme", "https",
                            ":authority", "example.org:8443",
                            ":path", "/chat?a=b",
                            "Sec-WebSocket-Version", "13",
                            "Sec-WebSocket-Protocol", "chat"),
                    handshake.request().headers());
            Agreement agreement = handshake.verify(HttpResponse.of(200, Headers.of("sec-websocket-protocol", "chat")));
            assertEquals("chat", agreement.upgrade().subprotocol());
            ClientHandshake clear = ClientHandshake.to(WebSocketUri.parse("ws://example.org/"))
                    .version(HttpVersion.HTTP_2)
                    .start();
            assertEquals("http", clear.request().headers().first(":scheme"));
            HttpResponse switching = HttpResponse.of(101, Headers.empty());
            assertThrows(HandshakeException.class, () -> handshake.verify(switching));
            assertThrows(IllegalStateException.class, () -> handshake.receive(ByteBuffer.allocate(1)));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> ClientHandshake.to(URI).version(HttpVersion.HTTP_1_0));
        }
    }

    @Nested
    class Answers {
        @Test
        void aGoodResponseSettlesTheTerms() {
            ClientHandshake client = client();
            Agreement agreement = client.receive(ByteBuffer.wrap(bytes(ANSWER)));
            assertNotNull(agreement);
            assertEquals("chat", agreement.upgrade().subprotocol());
            assertEquals(
                    "x-test", agreement.upgrade().extensions().get(0).agreed().name());
            assertEquals(
                    "ws://server.example.com/chat?room=1", agreement.upgrade().url());
            assertThrows(IllegalStateException.class, () -> client.receive(ByteBuffer.allocate(1)), "frames now");
        }

        @Test
        void aServerMayAgreeToNothing() {
            String response = without("Sec-WebSocket-Protocol")
                    .andThen(without("Sec-WebSocket-Extensions"))
                    .apply(ANSWER);
            Agreement agreement = client().receive(ByteBuffer.wrap(bytes(response)));
            assertNotNull(agreement);
            assertEquals("", agreement.upgrade().subprotocol());
            assertEquals(List.of(), agreement.upgrade().extensions());
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "Content-Length: 0",
                    "Content-Length: 2147483648",
                    "Content-Length: 5\r\nContent-Length: 6",
                    "Transfer-Encoding: chunked",
                    "Content-Type: application/json\r\nProxy-Connection: keep-alive"
                })
        void bodyHeadersOfA101AreIgnored(String line) { // RFC 9112 §6.3: a 101 has no body, and frames follow
            ByteBuffer input = ByteBuffer.wrap(bytes(with(line).apply(ANSWER) + "\u0081\u0001x"));
            assertNotNull(client().receive(input));
            assertEquals(3, input.remaining());
        }

        @ParameterizedTest
        @CsvSource({"Upgrade, WebSocket", "Connection, UPGRADE", "Connection, 'keep-alive, upgrade'"})
        void tokensHaveNoCase(String name, String value) {
            assertNotNull(
                    client().receive(ByteBuffer.wrap(bytes(set(name, value).apply(ANSWER)))));
        }

        @Test
        void theReasonPhraseMayBeMissing() {
            String response = ANSWER.replace("101 Switching Protocols", "101");
            assertNotNull(client().receive(ByteBuffer.wrap(bytes(response))));
        }

        @Test
        void interimResponsesAreSkipped() {
            String interim = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
            ByteBuffer input = ByteBuffer.wrap(bytes(interim + ANSWER + "\u0081\0"));
            assertNotNull(client().receive(input));
            assertEquals(2, input.remaining());
        }
    }

    @Nested
    class Refusals {
        @Test
        void aRefusalIsHandedOverWhole() {
            HandshakeException e = refused(
                    client(), "HTTP/1.1 403 Nope\r\nX-Why: tired\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 200");
            assertEquals(403, e.status());
            assertNotNull(e.response());
            assertEquals("Nope", e.response().reason());
            assertEquals("tired", e.response().headers().first("x-why"));
            assertEquals("hello", e.response().bodyText());
            assertNull(e.location());
            assertEquals(List.of(), e.challenges());
        }

        @ParameterizedTest
        @ValueSource(ints = {301, 302, 303, 307, 308})
        void aRedirectIsDescribed(int status) {
            HandshakeException e =
                    refused(client(), "HTTP/1.1 " + status + " \r\nLocation: /new\r\nContent-Length: 0\r\n\r\n");
            assertEquals("/new", e.location());
            WebSocketUri uri = WebSocketUri.parse("ws://server.example.com/chat");
            assertEquals("ws://server.example.com/new", uri.resolve("/new").toString());
        }

        @ParameterizedTest
        @CsvSource({
            "'/caf\u00C3\u00A9', ws://server.example.com/caf%C3%A9", // UTF-8 bytes on the wire
            "'/caf\u00E9', ws://server.example.com/caf%E9", // ISO 8859-1
            "'/a b|c', ws://server.example.com/a%20b%7Cc",
            "'http://b\u00C3\u00BCcher.example/', ws://xn--bcher-kva.example/",
        })
        void theOctetsOfALocationAreEncodedAsTheyAre(String location, String target) {
            HandshakeException e =
                    refused(client(), "HTTP/1.1 302 Found\r\nLocation: " + location + "\r\nContent-Length: 0\r\n\r\n");
            String found = e.location();
            assertNotNull(found);
            WebSocketUri uri = WebSocketUri.parse("ws://server.example.com/chat");
            assertEquals(target, uri.resolve(found).toString());
        }

        @ParameterizedTest
        @CsvSource({"401, WWW-Authenticate", "407, Proxy-Authenticate"})
        void challengesAreDescribed(int status, String header) {
            HandshakeException e = refused(
                    client(),
                    "HTTP/1.1 " + status + " No\r\n" + header + ": Digest realm=\"a\"\r\n" + header
                            + ": Basic realm=\"b\"\r\nContent-Length: 0\r\n\r\n");
            assertEquals(List.of("Digest realm=\"a\"", "Basic realm=\"b\""), e.challenges());
            assertNull(e.location());
        }

        @Test
        void aBodyIsCapped() {
            HandshakeException e =
                    refused(client(), "HTTP/1.1 500 No\r\nContent-Length: 1000000\r\n\r\n" + "x".repeat(65));
            assertNotNull(e.response());
            assertEquals("x".repeat(64), e.response().bodyText());
        }

        @Test
        void aBodyMayEndWithTheConnection() {
            ClientHandshake client = client();
            assertNull(client.receive(ByteBuffer.wrap(bytes("HTTP/1.0 503 No\r\n\r\nlater"))));
            HandshakeException e = client.endOfInput();
            assertEquals(503, e.status());
            assertNotNull(e.response());
            assertEquals("later", e.response().bodyText());
        }

        @Test
        void aRefusalIsKnownBeforeItsBodyIsComplete() {
            ClientHandshake client = client();
            assertNull(client.refusal());
            assertNull(client.receive(ByteBuffer.wrap(bytes("HTTP/1.1 429 Slow\r\nContent-Length: 9\r\n"))));
            assertNull(client.refusal());
            assertNull(client.receive(ByteBuffer.wrap(bytes("\r\nlater"))));
            HandshakeException known = client.refusal();
            assertNotNull(known);
            assertEquals(429, known.status());
            assertNotNull(known.response());
            assertEquals("later", known.response().bodyText());
            assertThrows(HandshakeException.class, () -> client.receive(ByteBuffer.wrap(bytes(" on!"))));
            assertNull(client.refusal(), "it was reported");
        }

        @Test
        void aMalformedBodyKeepsItsBeginning() {
            HandshakeException e =
                    refused(client(), "HTTP/1.1 404 No\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n");
            assertEquals(404, e.status());
            assertNotNull(e.response());
            assertEquals("abc", e.response().bodyText());
        }

        @ParameterizedTest
        @CsvSource({ // the empty or repeated values of some servers
            "Sec-WebSocket-Protocol, ''",
            "Sec-WebSocket-Protocol, ' , ,'",
            "Sec-WebSocket-Protocol, ',chat,'",
            "Sec-WebSocket-Extensions, ''",
            "Sec-WebSocket-Extensions, ','",
            "Sec-WebSocket-Extensions, ', x-test,'",
            "Connection, ', Upgrade'",
            "Connection, 'keep-alive,,Upgrade,'",
            "Upgrade, 'websocket,'"
        })
        void emptyElementsOfAListCountAsNone(String name, String value) { // RFC 9110 §5.6.1
            Agreement agreement =
                    client().receive(ByteBuffer.wrap(bytes(set(name, value).apply(ANSWER))));
            assertNotNull(agreement);
            boolean chosen = !name.equals("Sec-WebSocket-Protocol") || value.contains("chat");
            assertEquals(chosen ? "chat" : "", agreement.upgrade().subprotocol());
            boolean extended = !name.equals("Sec-WebSocket-Extensions") || value.contains("x-test");
            assertEquals(extended ? 1 : 0, agreement.upgrade().extensions().size());
        }

        @Test
        void anEmptyLineBesideAFullOneCountsAsNone() {
            String response = with("Sec-WebSocket-Protocol:")
                    .andThen(with("Sec-WebSocket-Extensions: "))
                    .apply(ANSWER);
            Agreement agreement = client().receive(ByteBuffer.wrap(bytes(response)));
            assertNotNull(agreement);
            assertEquals("chat", agreement.upgrade().subprotocol());
        }

        @Test
        void aSubprotocolThatWasNotOfferedFailsWithItsName() {
            HandshakeException e =
                    refused(client(), set("Sec-WebSocket-Protocol", "mqtt").apply(ANSWER));
            assertEquals(
                    "the server's response breaks the handshake: the client did not offer the subprotocol \"mqtt\":"
                            + " it is none of the 2 that this client offers",
                    e.getMessage());
            ClientHandshake none = new ClientHandshake(ClientHandshake.to(URI), Samples.KEY);
            assertTrue(String.valueOf(refused(none, ANSWER).getMessage()).contains("this client offers none"));
        }

        @Test
        void aResponseOfAGatewayMayBeLong() {
            String cookies = ("Set-Cookie: a=" + "b".repeat(1000) + "\r\n").repeat(60) + "X: y";
            ClientHandshake client =
                    new ClientHandshake(ClientHandshake.to(URI).subprotocols(List.of("chat")), Samples.KEY);
            String response =
                    without("Sec-WebSocket-Extensions").andThen(with(cookies)).apply(ANSWER);
            assertNotNull(client.receive(ByteBuffer.wrap(bytes(response))));
            assertNotNull(new ClientHandshake(ClientHandshake.to(URI).subprotocols(List.of("chat")), Samples.KEY)
                    .receive(ByteBuffer.wrap(bytes(without("Sec-WebSocket-Extensions")
                            .andThen(with("X: y\r\n".repeat(400) + "X: y"))
                            .apply(ANSWER)))));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "HTTP/1.1 503 Down\r\nRetry-After: 3\r\nX: LONG",
                    "HTTP/1.1 503 Down\r\nRetry-After: 3\r\nMANY\r\n",
                    "HTTP/1.1 503 Down\r\nRetry-After: 3\r\nno colon\r\n",
                    "HTTP/1.1 503 Down\r\nRetry-After: 3\r\nX: a\0",
                })
        void theStatusAndTheHeadersBeforeADefectAreKept(String head) {
            String response = head.replace("LONG", "a".repeat(70_000)).replace("MANY", "X: a\r\n".repeat(500));
            HandshakeException e = refused(client(), response);
            assertEquals(503, e.status());
            assertNotNull(e.response());
            assertEquals("Down", e.response().reason());
            assertEquals("3", e.response().headers().first("Retry-After"));
            assertTrue(String.valueOf(e.getMessage()).startsWith("the response cannot be read: "), e::getMessage);
        }

        @Test
        void theStatusOfALineThatIsTooLongIsKept() {
            assertEquals(
                    503, refused(client(), "HTTP/1.1 503 " + "a".repeat(9000)).status());
            assertEquals(503, refused(client(), "HTTP/1.1 503 a\n").status());
            assertEquals(0, refused(client(), "HTTP/2.0 503 a\n").status());
            assertEquals(0, refused(client(), "a".repeat(9000)).status());
        }

        @ParameterizedTest
        @CsvSource({
            "'Content-Length: 5\r\nContent-Length: 5', hello",
            "'Content-Length: 5, 5', hello",
            "'Content-Length: 005', hello",
            "'Content-Length: 2\r\nTransfer-Encoding: chunked', 0",
            "'Transfer-Encoding: identity\r\nContent-Length: 5', hello",
            "'Transfer-Encoding:\r\nContent-Length: 5', hello",
        })
        void twoEqualContentLengthsCountAsOne(String lines, String body) { // RFC 9110 §8.6, RFC 9112 §6.3
            HandshakeException e = refused(
                    client(), "HTTP/1.1 429 Slow\r\n" + lines + "\r\n\r\n" + (body.equals("0") ? "0\r\n\r\n" : body));
            assertEquals(429, e.status());
            assertNotNull(e.response());
            assertEquals(body.equals("0") ? "" : body, e.response().bodyText());
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "Content-Length: 5\r\nContent-Length: 6",
                    "Content-Length: 5, 6",
                    "Content-Length: -1",
                    "Content-Length:",
                    "Content-Length: 99999999999999999999",
                    "Transfer-Encoding: chunked, gzip",
                    "Transfer-Encoding: chunked, chunked"
                })
        void aBodyWithTwoDeclaredLengthsIsNotWaitedFor(String line) {
            HandshakeException e = refused(client(), "HTTP/1.1 429 Slow\r\nRetry-After: 3\r\n" + line + "\r\n\r\n");
            assertEquals(429, e.status());
            assertNotNull(e.response());
            assertEquals("3", e.response().headers().first("Retry-After"));
            assertTrue(String.valueOf(e.getMessage())
                    .startsWith("the server did not accept the connection: 429 Slow; the "));
        }

        @Test
        void aCompressedBodyInChunksEnds() {
            HandshakeException e =
                    refused(client(), "HTTP/1.1 404 No\r\nTransfer-Encoding: gzip, chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n");
            assertEquals(404, e.status());
        }

        @Test
        void theEndOfTheConnectionIsAFailureToo() {
            assertTrue(String.valueOf(client().endOfInput().getMessage()).contains("without a response"));
            ClientHandshake client = client();
            assertNull(client.receive(ByteBuffer.wrap(bytes("HTTP/1.1 101"))));
            HandshakeException e = client.endOfInput();
            assertTrue(String.valueOf(e.getMessage()).contains("in the middle"));
            assertNull(e.response());
            assertEquals(0, e.status());
            assertNull(e.location());
            assertFalse(e.challenges().iterator().hasNext());
        }
    }
}
