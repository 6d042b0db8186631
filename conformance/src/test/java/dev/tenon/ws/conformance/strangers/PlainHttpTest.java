package dev.tenon.ws.conformance.strangers;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.WebSocketListener;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.server.WebSocketServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Plain HTTP requests to the port of a WebSocket server: from the JDK's HTTP client, and written by hand. */
class PlainHttpTest {
    private static final String UPGRADE = """
        Connection: Upgrade\r
        Upgrade: websocket\r
        Sec-WebSocket-Version: 13\r
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
        """;

    private WebSocketServer server = start();

    private static WebSocketServer start() {
        try {
            return WebSocketServer.builder()
                    .listen(new InetSocketAddress("127.0.0.1", 0))
                    .route("/ws", upgrade -> upgrade.accept(new WebSocketListener() {}))
                    .http(request -> request.path().equals("/")
                            ? HttpResponse.text(
                                    200,
                                    request.method() + " with " + request.body().remaining() + " bytes\n")
                            : HttpResponse.text(404, "Nothing here.\n"))
                    .start();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @BeforeEach
    void restart() {
        server.close();
        server = start();
    }

    @AfterEach
    void stop() {
        server.stop(Duration.ofSeconds(1));
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }

    /** Sends a request that asks the server to close, and returns everything that the server sends. */
    private String exchange(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(US_ASCII));
            socket.shutdownOutput();
            InputStream input = socket.getInputStream();
            return new String(input.readAllBytes(), ISO_8859_1);
        }
    }

    @Test
    void aPageIsServedBesideTheWebSocket() throws Exception {
        HttpClient http = HttpClient.newHttpClient();
        var page = http.send(HttpRequest.newBuilder(uri("/")).build(), BodyHandlers.ofString());
        assertEquals(200, page.statusCode());
        assertEquals("GET with 0 bytes\n", page.body());
        var post = http.send(
                HttpRequest.newBuilder(uri("/"))
                        .POST(HttpRequest.BodyPublishers.ofString("x".repeat(100_000)))
                        .build(),
                BodyHandlers.ofString());
        assertEquals("POST with 100000 bytes\n", post.body());
    }

    @Test
    void aMissingPathIs404() throws Exception {
        var response = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri("/elsewhere")).build(), BodyHandlers.ofString());
        assertEquals(404, response.statusCode());
        assertEquals("Nothing here.\n", response.body());
    }

    @Test
    void headHasTheHeadersOfGetAndNoBody() throws Exception {
        String response = exchange("HEAD / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        assertTrue(response.startsWith("HTTP/1.1 200 OK\r\n"), response);
        assertTrue(response.contains("Content-Length: 18\r\n"), response);
        assertTrue(response.endsWith("\r\n\r\n"), response);
    }

    @Test
    void aConnectionIsKeptForMoreRequestsAndOneMayBeAnUpgrade() throws Exception {
        String responses = exchange(
                "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n" + "GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n"
                        + "GET /ws HTTP/1.1\r\nHost: localhost\r\n" + UPGRADE + "\r\n");
        int first = responses.indexOf("HTTP/1.1 200 OK");
        int second = responses.indexOf("HTTP/1.1 404 Not Found");
        int third = responses.indexOf("HTTP/1.1 101 Switching Protocols");
        assertTrue(first == 0 && second > first && third > second, responses);
        assertTrue(responses.contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), responses);
    }

    @Test
    void anUpgradeWhereThereIsNoRouteIsPlainHttp() throws Exception {
        String response = exchange("GET /other HTTP/1.1\r\nHost: localhost\r\n" + UPGRADE + "\r\n");
        assertTrue(response.startsWith("HTTP/1.1 404 Not Found\r\n"), response);
    }

    @Test
    void anUpgradeToAnotherVersionIs426() throws Exception {
        String response = exchange(
                "GET /ws HTTP/1.1\r\nHost: localhost\r\n" + UPGRADE.replace("Version: 13", "Version: 8") + "\r\n");
        assertTrue(response.startsWith("HTTP/1.1 426 Upgrade Required\r\n"), response);
        assertTrue(response.contains("Sec-WebSocket-Version: 13\r\n"), response);
    }

    @Test
    void aPageOfAnotherOriginIsRefused() throws Exception {
        String response =
                exchange("GET /ws HTTP/1.1\r\nHost: localhost\r\nOrigin: https://evil.example\r\n" + UPGRADE + "\r\n");
        assertTrue(response.startsWith("HTTP/1.1 403 Forbidden\r\n"), response);
    }

    @Test
    void malformedBytesGet400AndEndTheConnection() throws Exception {
        String response = exchange("hello?\r\n\r\n");
        assertTrue(response.startsWith("HTTP/1.1 400 Bad Request\r\n"), response);
        assertTrue(response.contains("Connection: close\r\n"), response);
    }
}
