package dev.tenon.ws.handshake;

import static dev.tenon.ws.handshake.Samples.ANSWER;
import static dev.tenon.ws.handshake.Samples.bytes;
import static dev.tenon.ws.handshake.Samples.connect;
import static dev.tenon.ws.handshake.Samples.replace;
import static dev.tenon.ws.handshake.Samples.set;
import static dev.tenon.ws.handshake.Samples.with;
import static dev.tenon.ws.handshake.Samples.without;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.ByteBuffer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A valid response with one defect fails the connection, and the exception has the readable part of the response
 * (status 0 if there is none).
 */
class HostileResponsesTest {
    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource({"heads", "terms"})
    void aDefectFailsTheConnection(String defect, UnaryOperator<String> edit, int status) {
        byte[] input = bytes(edit.apply(ANSWER));
        ClientHandshake client = Samples.client();
        HandshakeException e =
                assertThrows(HandshakeException.class, () -> client.receive(ByteBuffer.wrap(input)), defect);
        assertEquals(status, e.status());
        assertEquals(
                e, assertThrows(HandshakeException.class, () -> client.receive(ByteBuffer.allocate(1))), "for good");
        assertEquals(e, client.endOfInput(), "for good");
        assertEquals(connect(input, input.length), connect(input, 1), "the same, byte by byte");
    }

    static Stream<Arguments> heads() {
        return Stream.of(
                row("not HTTP", response -> "SSH-2.0-OpenSSH_9.6\r\n", 0),
                row("empty line first", response -> "\r\n" + response, 0),
                row("HTTP/2", replace("HTTP/1.1", "HTTP/2.0"), 0),
                row("101 in HTTP/1.0", replace("HTTP/1.1", "HTTP/1.0"), 101),
                row("status of two digits", replace("101 ", "10 "), 0),
                row("status of four digits", replace("101 ", "1010 "), 0),
                row("status below 100", replace("101 ", "099 "), 0),
                row("status with a letter", replace("101 ", "1O1 "), 0),
                row("no space before the status", replace("1.1 101", "1.1101"), 0),
                row("bare line feed", replace("\r\n", "\n"), 101),
                row("bare carriage return", with("X: a\rb"), 101),
                row("NUL", with("X: a\0b"), 101),
                row("space before the first header", replace("Protocols\r\n", "Protocols\r\n "), 101),
                row("space before the colon", replace("Upgrade:", "Upgrade :"), 101),
                row("no colon", with("X"), 101),
                row("long status line", replace("Switching", "S".repeat(8001)), 101),
                row("long head", with("X: " + "a".repeat(65536)), 101),
                row("many headers", with("X: a\r\n".repeat(501) + "X: a"), 101),
                row("endless interim answers", response -> "HTTP/1.1 100 Continue\r\n\r\n".repeat(17) + response, 100));
    }

    static Stream<Arguments> terms() {
        return Stream.of(
                row("no Upgrade", without("Upgrade"), 101),
                row("other Upgrade", set("Upgrade", "h2c"), 101),
                row("Upgrade to two", set("Upgrade", "websocket, h2c"), 101),
                row("Upgrade twice", with("Upgrade: websocket"), 101),
                row("no Connection", without("Connection"), 101),
                row("other Connection", set("Connection", "keep-alive"), 101),
                row("no Accept", without("Sec-WebSocket-Accept"), 101),
                row("two Accepts", with("Sec-WebSocket-Accept: " + Samples.ACCEPT), 101),
                row("Accept of another key", set("Sec-WebSocket-Accept", "MK6YmuGMF81B+0zEjhayzUlnqxg="), 101),
                row(
                        "Accept in other case",
                        set("Sec-WebSocket-Accept", Samples.ACCEPT.toUpperCase(java.util.Locale.ROOT)),
                        101),
                row("empty Accept", set("Sec-WebSocket-Accept", ""), 101),
                row("subprotocol not asked for", set("Sec-WebSocket-Protocol", "other"), 101),
                row("subprotocol in other case", set("Sec-WebSocket-Protocol", "Chat"), 101),
                row("two subprotocols", set("Sec-WebSocket-Protocol", "chat, superchat"), 101),
                row("subprotocol twice", with("Sec-WebSocket-Protocol: chat"), 101),
                row("extension not asked for", set("Sec-WebSocket-Extensions", "x-other"), 101),
                row("extension twice", set("Sec-WebSocket-Extensions", "x-test, x-test"), 101),
                row("extension twice on two lines", with("Sec-WebSocket-Extensions: x-test"), 101),
                row("unknown parameter", set("Sec-WebSocket-Extensions", "x-test; fast"), 101),
                row("parameter out of range", set("Sec-WebSocket-Extensions", "x-test; level=10"), 101),
                row("same bit for two", set("Sec-WebSocket-Extensions", "x-test, x-same-bit"), 101),
                row("malformed extensions", set("Sec-WebSocket-Extensions", "x-test;;"), 101),
                row("no switch", replace("101 Switching Protocols", "204 No Content"), 204));
    }

    private static Arguments row(String defect, UnaryOperator<String> edit, int status) {
        return arguments(defect, edit, status);
    }
}
