package dev.tenon.ws.conformance.observe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.handshake.OriginPolicy;
import dev.tenon.ws.server.WebSocketServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The server's log says why an origin was refused; the client does not see that. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RefusedOriginLogTest {
    private static final String REQUEST = """
            GET /ws HTTP/1.1
            Host: localhost
            Upgrade: websocket
            Connection: Upgrade
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
            Sec-WebSocket-Version: 13
            Origin: https://evil.example

            """;

    @Test
    void atDebugTheLogNamesBothComparedOrigins() throws Exception {
        LogLines log = new LogLines("dev.tenon.ws.server");
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (log;
                WebSocketServer server = WebSocketServer.builder()
                        .listen(new InetSocketAddress(loopback, 0))
                        .origins(OriginPolicy.of("https://*.example.org", "file://"))
                        .route("/ws", upgrade -> upgrade.accept(new WebSocketListener() {}))
                        .start();
                Socket client = new Socket(loopback, server.port())) {
            client.getOutputStream().write(REQUEST.replace("\n", "\r\n").getBytes(ISO_8859_1));
            String response = new String(client.getInputStream().readAllBytes(), ISO_8859_1);
            assertEquals("HTTP/1.1 403", response.substring(0, 12));
            assertFalse(response.contains("example.org"), response);
        }
        String expected =
                "refused with 403 [request.origin-not-allowed]: the origin \"https://evil.example\" is none of those that"
                        + " are listed: file://, https://*.example.org";
        assertTrue(log.lines().contains(expected), log.lines()::toString);
    }
}
