package dev.tenon.ws.handshake;

import static dev.tenon.ws.handshake.Samples.ANSWER;
import static dev.tenon.ws.handshake.Samples.bytes;
import static dev.tenon.ws.handshake.Samples.client;
import static dev.tenon.ws.handshake.Samples.set;
import static dev.tenon.ws.handshake.Samples.with;
import static dev.tenon.ws.handshake.Samples.without;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientHandshakeTest extends ClientHandshakeTestBase {
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
}
