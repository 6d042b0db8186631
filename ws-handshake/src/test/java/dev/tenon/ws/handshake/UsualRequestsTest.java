package dev.tenon.ws.handshake;

import static dev.tenon.ws.handshake.Samples.bytes;
import static dev.tenon.ws.handshake.Samples.serve;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The requests of browsers, curl and reverse proxies. */
class UsualRequestsTest {
    private static final String VERSION_AND_KEY =
            "Sec-WebSocket-Version: 13\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\n";

    @ParameterizedTest
    @ValueSource(strings = {"""
                GET /ws HTTP/1.1
                Host: localhost:8080
                Connection: Upgrade
                Pragma: no-cache
                Cache-Control: no-cache
                User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0
                Upgrade: websocket
                Origin: http://localhost:8080
                Accept-Encoding: gzip, deflate, br, zstd
                Accept-Language: de-DE,de;q=0.9,en-US;q=0.8
                Cookie: a=b; c="d"
                Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits
                """, """
                GET /ws HTTP/1.1
                Host: localhost:8080
                User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0
                Accept: */*
                Accept-Language: en-US,en;q=0.5
                Accept-Encoding: gzip, deflate, br, zstd
                Origin: http://localhost:8080
                Sec-WebSocket-Extensions: permessage-deflate
                Connection: keep-alive, Upgrade
                Sec-Fetch-Dest: empty
                Sec-Fetch-Mode: websocket
                Sec-Fetch-Site: same-origin
                Pragma: no-cache
                Cache-Control: no-cache
                Upgrade: websocket
                """, """
                GET /ws HTTP/1.1
                Host: localhost:8080
                User-Agent: curl/8.9.1
                Accept: */*
                Upgrade: websocket
                Connection: Upgrade
                """, """
                GET /ws HTTP/1.1
                Upgrade: websocket
                Connection: upgrade
                Host: localhost:8080
                X-Real-IP: 192.0.2.1
                X-Forwarded-For: 192.0.2.1, 10.0.0.1
                X-Forwarded-Proto: https
                Origin: https://localhost:8080
                """, """
                GET /ws HTTP/1.1
                host: localhost:8080
                upgrade: websocket
                connection: Upgrade
                x-forwarded-for: 192.0.2.1
                """})
    void theyAreAccepted(String lines) {
        byte[] request = bytes((lines + VERSION_AND_KEY + "\n").replace("\n", "\r\n"));
        String response = serve(request, request.length);
        assertTrue(response.startsWith("left 0\nws://localhost:8080/ws\nHTTP/1.1 101 "), response);
        assertTrue(response.contains("Sec-WebSocket-Accept: " + Samples.ACCEPT), response);
        assertEquals(response, serve(request, 1));
    }
}
