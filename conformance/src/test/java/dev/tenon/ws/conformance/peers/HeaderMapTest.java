package dev.tenon.ws.conformance.peers;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.Headers;
import dev.tenon.ws.handshake.HttpRequest;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.handshake.HttpVersion;
import dev.tenon.ws.handshake.OriginPolicy;
import dev.tenon.ws.handshake.ServerHandshake;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the decision alone, with the header map of the JDK's HTTP server, which cannot speak WebSocket afterwards. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HeaderMapTest {
    private static final ServerHandshake HANDSHAKE =
            new ServerHandshake(Extensions.none(), List.of("chat"), OriginPolicy.sameOrigin());

    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", HeaderMapTest::handle);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private static void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            HttpResponse response;
            try {
                HttpRequest request = new HttpRequest(
                        exchange.getRequestMethod(),
                        exchange.getRequestURI().toString(),
                        HttpVersion.HTTP_1_1,
                        Headers.of(exchange.getRequestHeaders()));
                response = HANDSHAKE
                        .accept(HANDSHAKE.check(request, false, exchange.getRemoteAddress()))
                        .response();
            } catch (HandshakeException refusal) {
                response = refusal.toResponse();
            }
            response.headers().forEach(exchange.getResponseHeaders()::add);
            int length = response.body().remaining();
            exchange.sendResponseHeaders(response.status(), length == 0 ? -1 : length);
            exchange.getResponseBody().write(response.bodyText().getBytes(ISO_8859_1));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Upgrade: websocket, 101",
        "upgrade: WebSocket, 101",
        "Upgrade: h2c, 426",
        "Upgrade: websocket|Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==, 400",
        "Upgrade: websocket|Origin: http://elsewhere.example, 403",
        "Upgrade: websocket|Origin: http://127.0.0.1, 101",
        "Upgrade: websocket|Content-Length: 5||Hello, 400",
    })
    void theMapOfTheHostIsCheckedLikeBytes(String headers, int status) throws IOException {
        String request = """
                GET / HTTP/1.1\r
                HOST: 127.0.0.1\r
                connection: Upgrade\r
                sec-websocket-KEY: dGhlIHNhbXBsZSBub25jZQ==\r
                Sec-WebSocket-Version: 13\r
                Sec-WebSocket-Protocol: superchat\r
                Sec-WebSocket-Protocol: chat\r
                """ + headers.replace("|", "\r\n") + (headers.contains("||") ? "" : "\r\n\r\n");
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), server.getAddress().getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            socket.shutdownOutput();
            InputStream in = socket.getInputStream();
            String response = new String(in.readAllBytes(), ISO_8859_1);
            assertTrue(response.startsWith("HTTP/1.1 " + status + " "), response);
            String lower = response.toLowerCase(Locale.ROOT);
            assertEquals(
                    status == 101, lower.contains("sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo=\r\n"), response);
            assertEquals(status == 101, lower.contains("sec-websocket-protocol: chat\r\n"), response);
            assertEquals(status == 426, lower.contains("sec-websocket-version: 13\r\n"), response);
        }
    }
}
