package dev.tenon.ws.handshake;

import static dev.tenon.ws.handshake.Samples.REQUEST;
import static dev.tenon.ws.handshake.Samples.bytes;
import static dev.tenon.ws.handshake.Samples.replace;
import static dev.tenon.ws.handshake.Samples.serve;
import static dev.tenon.ws.handshake.Samples.set;
import static dev.tenon.ws.handshake.Samples.with;
import static dev.tenon.ws.handshake.Samples.without;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A valid request with one defect gets the right status, whole and byte by byte. */
class HostileRequestsTest {
    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource({"lines", "framing", "upgrade", "limits"})
    void aDefectIsRefused(String defect, UnaryOperator<String> edit, int status) {
        byte[] input = bytes(edit.apply(REQUEST));
        String response = serve(input, input.length);
        String head = response.substring(response.indexOf('\n') + 1);
        assertTrue(head.startsWith("HTTP/1.1 " + status + " "), response);
        assertTrue(head.contains("\r\nConnection: " + (status == 426 ? "Upgrade, close" : "close") + "\r\n"), response);
        assertEquals(status == 426, head.contains("\r\nSec-WebSocket-Version: 13\r\n"), response);
        assertFalse(head.contains("Exception") || head.contains("dev.tenon") || head.contains("\tat "), response);
        assertEquals(response, serve(input, 1), "the same, byte by byte");
    }

    static Stream<Arguments> lines() {
        return Stream.of(
                row("bare line feed in the request line", replace("HTTP/1.1\r\n", "HTTP/1.1\n"), 400),
                row("bare line feed in a header", replace("websocket\r\n", "websocket\n"), 400),
                row("bare line feed at the end", replace("\r\n\r\n", "\r\n\n"), 400),
                row(
                        "bare carriage return in a value",
                        replace("server.example.com\r\n", "server\r.example.com\r\n"),
                        400),
                row("two carriage returns", replace("websocket\r\n", "websocket\r\r\n"), 400),
                row("bare carriage return as line end", replace("websocket\r\n", "websocket\r"), 400),
                row("NUL in a value", with("X: a\0b"), 400),
                row("NUL in a name", with("X\0: a"), 400),
                row("escape in a value", with("X: \33[2J"), 400),
                row("DEL in a value", with("X: \177"), 400),
                row("NUL in the target", replace("/chat", "/ch\0at"), 400),
                row("TLS on a plain port", request -> "\26\3\1\2\0\1\0", 400),
                row("folded line, space", with("X: a\r\n b"), 400),
                row("folded line, tab", with("X: a\r\n\tb"), 400),
                row("space before the first header", replace("HTTP/1.1\r\n", "HTTP/1.1\r\n "), 400),
                row("space before the colon", replace("Host:", "Host :"), 400),
                row("tab before the colon", replace("Host:", "Host\t:"), 400),
                row("no colon", with("X-Header"), 400),
                row("empty name", with(": value"), 400),
                row("parenthesis in a name", with("X(y): value"), 400),
                row("name beyond ASCII", with("X\u00e9: value"), 400),
                row("pseudo-header", with(":protocol: websocket"), 400),
                row("two spaces in the request line", replace("GET /", "GET  /"), 400),
                row("tab in the request line", replace("GET /", "GET\t/"), 400),
                row("space at the end of the request line", replace("HTTP/1.1\r\n", "HTTP/1.1 \r\n"), 400),
                row("space before the request line", request -> " " + request, 400),
                row("no version", replace(" HTTP/1.1", ""), 400),
                row("method that is no token", replace("GET ", "G@T "), 400),
                row("version in lower case", replace("HTTP/1.1", "http/1.1"), 400),
                row("version of two digits", replace("HTTP/1.1", "HTTP/1.10"), 400),
                row("version without a dot", replace("HTTP/1.1", "HTTP/1-1"), 400),
                row("another protocol", replace("HTTP/1.1", "RTSP/1.1"), 400),
                row("HTTP/0.9", replace("HTTP/1.1", "HTTP/0.9"), 505),
                row("HTTP/2 preface", request -> "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
                row("HTTP/3.0", replace("HTTP/1.1", "HTTP/3.0"), 505),
                row("fragment in the target", replace("/chat", "/chat#a"), 400),
                row("target beyond ASCII", replace("/chat", "/ch\u00e4t"), 400),
                row("target without a slash", replace("/chat", "chat"), 400),
                row("asterisk with GET", replace("/chat?room=1", "*"), 400),
                row("authority-form with GET", replace("/chat?room=1", "server.example.com:80"), 400),
                row("absolute-form of another scheme", replace("/chat", "ftp://server.example.com/chat"), 400),
                row("absolute-form without a host", replace("/chat", "http:///chat"), 400),
                row("absolute-form with user info", replace("/chat", "http://a:b@server.example.com/chat"), 400),
                row("origin-form with CONNECT", replace("GET", "CONNECT"), 400),
                row("CONNECT without a port", replace("GET /chat?room=1", "CONNECT server.example.com"), 400));
    }

    static Stream<Arguments> framing() {
        return Stream.of(
                row("no Host", without("Host"), 400),
                row("two Hosts", with("Host: server.example.com"), 400),
                row("two Hosts, other case", with("hOST: other.example.com"), 400),
                row("empty Host", set("Host", ""), 400),
                row("Host with a path", set("Host", "server.example.com/x"), 400),
                row("Host with user info", set("Host", "a@server.example.com"), 400),
                row("Host list", set("Host", "a.example.com, b.example.com"), 400),
                row("Host with a bad port", set("Host", "server.example.com:99999"), 400),
                row("Host with port 0", set("Host", "server.example.com:0"), 400),
                row("Host with two ports", set("Host", "server.example.com:1:2"), 400),
                row("Host with an empty label", set("Host", "server..example.com"), 400),
                row("Host with a broken address", set("Host", "[::1"), 400),
                row("Host with a bad address", set("Host", "[::g]"), 400),
                row("Host with a zone", set("Host", "[fe80::1%25eth0]"), 400),
                row("Content-Length", with("Content-Length: 5"), 400),
                row("two Content-Lengths", with("Content-Length: 0\r\nContent-Length: 0"), 400),
                row("Content-Length list", with("Content-Length: 0, 0"), 400),
                row("Content-Length with a sign", with("Content-Length: +0"), 400),
                row("negative Content-Length", with("Content-Length: -1"), 400),
                row("hexadecimal Content-Length", with("Content-Length: 0x0"), 400),
                row("empty Content-Length", with("Content-Length:"), 400),
                row("endless Content-Length", with("Content-Length: 99999999999999999999"), 400),
                row("Transfer-Encoding", with("Transfer-Encoding: chunked"), 400),
                row("both", with("Transfer-Encoding: chunked\r\nContent-Length: 0"), 400),
                row("unknown coding", with("Transfer-Encoding: gzip, chunked"), 501),
                row("disguised coding", with("Transfer-Encoding: xchunked"), 501),
                row("coding twice", with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"), 501),
                row("coding in HTTP/1.0", replace("HTTP/1.1\r\n", "HTTP/1.0\r\nTransfer-Encoding: chunked\r\n"), 400));
    }

    static Stream<Arguments> upgrade() {
        return Stream.of(
                row("POST", replace("GET", "POST"), 405),
                row("method in lower case", replace("GET", "get"), 405),
                row("HEAD", replace("GET", "HEAD"), 405),
                row("no Connection", without("Connection"), 400),
                row("Connection without Upgrade", set("Connection", "keep-alive"), 400),
                row("Connection that only looks like it", set("Connection", "Upgraded"), 400),
                row("no version", without("Sec-WebSocket-Version"), 400),
                row("two versions", with("Sec-WebSocket-Version: 13"), 400),
                row("older version", set("Sec-WebSocket-Version", "8"), 426),
                row("version list", set("Sec-WebSocket-Version", "13, 8"), 426),
                row("version 013", set("Sec-WebSocket-Version", "013"), 426),
                row("no key", without("Sec-WebSocket-Key"), 400),
                row("two keys", with("Sec-WebSocket-Key: " + Samples.KEY), 400),
                row("empty key", set("Sec-WebSocket-Key", ""), 400),
                row("key of 15 bytes", set("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAA"), 400),
                row("key of 17 bytes", set("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAAA="), 400),
                row("key of 18 bytes", set("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAAAA"), 400),
                row("key in the URL alphabet", set("Sec-WebSocket-Key", "Bt4-Nfq12qxyxHslV2iFFg=="), 400),
                row("key without padding", set("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ"), 400),
                row("key with a space", set("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub2 jZQ=="), 400),
                row("two Origins", with("Origin: http://server.example.com"), 400),
                row("another origin", set("Origin", "http://evil.example.com"), 403),
                row("no real origin", set("Origin", "null"), 403),
                row("subprotocol twice", set("Sec-WebSocket-Protocol", "chat, chat"), 400),
                row("subprotocol twice on two lines", with("Sec-WebSocket-Protocol: chat"), 400),
                row("subprotocol that is no token", set("Sec-WebSocket-Protocol", "ch at"), 400),
                row("malformed extension", set("Sec-WebSocket-Extensions", "x-test; ="), 400),
                row("open quote", set("Sec-WebSocket-Extensions", "x-test; a=\"b"), 400));
    }

    static Stream<Arguments> limits() {
        return Stream.of(
                row("long target", replace("/chat", "/" + "a".repeat(8000)), 414),
                row("long method", replace("GET", "G".repeat(8001)), 501),
                row("endless request line", request -> "GET /" + "a".repeat(9000), 414),
                row("control characters before the request", request -> "\0\1" + request, 400),
                row("endless empty lines", request -> "\r\n".repeat(5000), 400),
                row("long value", with("X: " + "a".repeat(8192)), 431),
                row("long name", with("X".repeat(8192) + ": a"), 431),
                row("endless header", request -> "GET / HTTP/1.1\r\nX: " + "a".repeat(9000), 431),
                row("many headers", with("X: a\r\n".repeat(101) + "X: a"), 431),
                row(
                        "many long headers",
                        with("X: " + "a".repeat(1000) + ("\r\nX: " + "a".repeat(1000)).repeat(9)),
                        431));
    }

    private static Arguments row(String defect, UnaryOperator<String> edit, int status) {
        return arguments(defect, edit, status);
    }
}
