package dev.tenon.ws.handshake;

import static dev.tenon.ws.handshake.Samples.ANSWER;
import static dev.tenon.ws.handshake.Samples.bytes;
import static dev.tenon.ws.handshake.Samples.client;
import static dev.tenon.ws.handshake.Samples.set;
import static dev.tenon.ws.handshake.Samples.with;
import static dev.tenon.ws.handshake.Samples.without;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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

/** Responses that a client refuses (RFC 6455 §4.1, §4.2.2). */
class ClientHandshakeRefusalTest extends ClientHandshakeTestBase {
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
