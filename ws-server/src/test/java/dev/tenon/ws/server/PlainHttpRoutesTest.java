package dev.tenon.ws.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.frame.ClosePayload;
import dev.tenon.ws.frame.Frame;
import dev.tenon.ws.handshake.Headers;
import dev.tenon.ws.handshake.HttpResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Plain HTTP requests to a WebSocket server. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PlainHttpRoutesTest {
    private static WebSocketServerBuilder builder() {
        return WebSocketServer.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .extensions(Extensions.none())
                .loops(1)
                .route("/ws", upgrade -> upgrade.accept(new Echo()));
    }

    private static String ask(WebSocketServer server, String request) throws IOException {
        try (RawClient client = new RawClient(server)) {
            client.send(request);
            return client.rest();
        }
    }

    private static String request(String line, String... headers) {
        return line + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + String.join("", headers) + "\r\n";
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET /items/7     | 200 | Content-Length: 5 | item7",
                "HEAD /items/7    | 200 | Content-Length: 5 | ''",
                "DELETE /items/7  | 200 | Content-Length: 4 | gone",
                "PATCH /items/7   | 200 | Content-Length: 7 | patched",
                "PUT /items/7     | 405 | Allow: DELETE, GET, HEAD, OPTIONS, PATCH | ''",
                "OPTIONS /items/7 | 204 | Allow: DELETE, GET, HEAD, OPTIONS, PATCH | ''",
                "OPTIONS *        | 204 | Allow: GET, HEAD, OPTIONS | ''",
                "GET /items/%zz   | 400 | Connection: close | 'the path is malformed: it is not percent-encoded UTF-8'",
                "GET /elsewhere   | 404 | Content-Length: 11 | Not found.",
                "GET /ws          | 426 | Upgrade: websocket | the server accepts only WebSocket connections here",
                "POST /ws         | 426 | Sec-WebSocket-Version: 13 | the server accepts only WebSocket connections"
                        + " here",
                "CONNECT a:1      | 501 | Connection: close | the server is not a proxy",
            })
    void everyMethodGetsItsResponse(String line, int status, String header, String body) throws Exception {
        try (WebSocketServer server = builder()
                .get("/items/{id}", request -> HttpResponse.text(200, "item" + request.pathParameter("id")))
                .delete("/items/{id}", request -> HttpResponse.text(200, "gone"))
                .handle("PATCH", "/items/{id}", request -> HttpResponse.text(200, "patched"))
                .start()) {
            String response = ask(server, request(line));
            assertTrue(response.startsWith("HTTP/1.1 " + status + " "), response);
            assertTrue(response.contains("\r\n" + header + "\r\n"), response);
            assertTrue(response.contains("\r\nDate: "), response);
            assertEquals(
                    body, response.substring(response.indexOf("\r\n\r\n") + 4).strip());
        }
    }

    @ParameterizedTest
    @CsvSource({"GET /ws, 426", "HEAD /ws, 426", "GET /other, 404", "GET /page, 200", "POST /ws, 405"})
    void aMissingFileAtTheRouteOfAWebSocketNeedsAnUpgrade(String line, int status, @TempDir Path folder)
            throws Exception {
        Files.writeString(folder.resolve("page"), "a page");
        try (WebSocketServer server = builder()
                .route("/page", upgrade -> upgrade.refuse(404, "only the page is here"))
                .files("/", folder)
                .start()) {
            String response = ask(server, request(line));
            assertTrue(response.startsWith("HTTP/1.1 " + status + " "), response);
            assertEquals(status == 426, response.contains("\r\nUpgrade: websocket\r\n"), response);
        }
    }

    /** Counted in what the server reads: a hundred bodies of a mebibyte would be a hundred mebibytes. */
    @Test
    void aBodyThatNoRouteReadsIsRefusedAtTheHead() throws Exception {
        try (WebSocketServer server = builder()
                .get("/page", request -> HttpResponse.text(200, ""))
                .post("/form", request -> HttpResponse.text(200, request.bodyText()))
                .start()) {
            for (String line : new String[] {"POST /", "POST /ws", "GET /page", "PUT /a/b/c"}) {
                for (String length : new String[] {"Content-Length: 1048576\r\n", "Transfer-Encoding: chunked\r\n"}) {
                    String response = ask(server, request(line, length, "Expect: 100-continue\r\n"));
                    assertTrue(response.startsWith("HTTP/1.1 413 ") || response.startsWith("HTTP/1.1 426 "), response);
                    assertFalse(response.contains("100 Continue"), response);
                }
            }
            try (RawClient client = new RawClient(server)) {
                client.send(request("POST /form", "Content-Length: 4\r\n", "Expect: 100-continue\r\n"));
                assertTrue(client.head().startsWith("HTTP/1.1 100 "));
                client.send("body");
                assertTrue(client.rest().endsWith("\r\n\r\nbody"));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "PUT", "DELETE", "PATCH"})
    void eachMethodMayHaveSettingsOfItsOwn(String method) throws Exception {
        HttpHandler body = request -> HttpResponse.text(200, request.bodyText());
        try (WebSocketServer server = builder()
                .get("/small", body, route -> route.maxBody(4))
                .post("/small", body, route -> route.maxBody(4))
                .put("/small", body, route -> route.maxBody(4))
                .delete("/small", body, route -> route.maxBody(4))
                .handle("PATCH", "/small", body, route -> route.maxBody(4))
                .start()) {
            String fits = ask(server, request(method + " /small", "Content-Length: 4\r\n") + "body");
            assertTrue(fits.startsWith("HTTP/1.1 200 ") && fits.endsWith("body"), fits);
            String tooLong = ask(server, request(method + " /small", "Content-Length: 5\r\n"));
            assertTrue(tooLong.startsWith("HTTP/1.1 413 "), tooLong);
        }
    }

    @Test
    void theServerWritesContentLength() throws Exception {
        try (WebSocketServer server = builder()
                        .http(request -> HttpResponse.of(200, Headers.of("Content-Length", "30")))
                        .start();
                RawClient client = new RawClient(server)) {
            client.send("GET /1 HTTP/1.1\r\nHost: localhost\r\n\r\n" + request("GET /2"));
            assertTrue(client.head().contains("\r\nContent-Length: 0\r\n"));
            assertTrue(client.rest().startsWith("HTTP/1.1 200 "));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ws", "/elsewhere"})
    void anUpgradeInHttp10IsPlainHttpWithAHint(String path) throws Exception {
        try (WebSocketServer server = builder().start()) {
            String response = ask(server, RawClient.upgrade(path, "").replace("HTTP/1.1", "HTTP/1.0"));
            assertTrue(response.startsWith(path.equals("/ws") ? "HTTP/1.1 426 " : "HTTP/1.1 404 "), response);
            assertTrue(response.contains("HTTP/1.0, which cannot upgrade"), response);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "localhost, 404",
        "LOCALHOST:8080, 404",
        "app.localhost, 404",
        "app.localhost.:80, 404",
        "127.0.0.1:8080, 404",
        "[::1]:8080, 404",
        "192.0.2.7, 404",
        "evil.example:8080, 421",
        "localhost.evil.example, 421",
        "evillocalhost, 421",
        "127.0.0.1.evil.example, 421",
    })
    void aLoopbackListenerServesLoopbackNames(String host, int status) throws Exception {
        try (WebSocketServer server = builder().start()) {
            String response = ask(server, "GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
            assertTrue(response.startsWith("HTTP/1.1 " + status + " "), response);
            String upgrade = ask(
                    server,
                    RawClient.upgrade("/nowhere", "Origin: http://" + host + "\r\n")
                            .replace("Host: 127.0.0.1", "Host: " + host)
                            .replace("Connection: Upgrade", "Connection: Upgrade, close"));
            assertTrue(upgrade.startsWith("HTTP/1.1 " + status + " "), upgrade);
            assertTrue(ask(server, "GET / HTTP/1.0\r\n\r\n").startsWith("HTTP/1.1 404 "), "no browser sends that");
        }
    }

    @Test
    void theHostsCanBeSet() throws Exception {
        try (WebSocketServer server =
                builder().hosts("app.example", "*.tenon.example").start()) {
            for (String host : new String[] {"app.example", "a.b.tenon.example", "127.0.0.1"}) {
                assertTrue(
                        ask(server, "GET / HTTP/1.0\r\nHost: " + host + "\r\n\r\n")
                                .startsWith("HTTP/1.1 404 "),
                        host);
            }
            for (String host : new String[] {"localhost", "tenon.example", "x.app.example"}) {
                assertTrue(
                        ask(server, "GET / HTTP/1.0\r\nHost: " + host + "\r\n\r\n")
                                .startsWith("HTTP/1.1 421 "),
                        host);
            }
        }
        for (String bad : new String[] {"", "https://a", "a:80", "*.", "a.*", "[::1]", "a b", "*a.example"}) {
            assertThrows(IllegalArgumentException.class, () -> builder().hosts(bad), bad);
        }
    }

    /** The first request is an upgrade, and all following bytes are frames that break the protocol. */
    @Test
    void aHundredPipelinedUpgradesAreOneConnection() throws Exception {
        try (WebSocketServer server = builder().start();
                RawClient client = new RawClient(server)) {
            client.send(RawClient.upgrade("/ws", "").repeat(100));
            assertTrue(client.head().startsWith("HTTP/1.1 101 "));
            assertEquals(1002, client.frames().get(0).payload().getShort());
            assertEquals(1, server.counters().opened());
        }
    }

    /** They are more than the server holds while it has no response, and the client ends its direction behind them. */
    @Test
    void allPipelinedRequestsAreAnswered() throws Exception {
        CompletableFuture<HttpResponse> slow = new CompletableFuture<>();
        String first = "GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n";
        String next = "GET /next HTTP/1.1\r\nHost: localhost\r\n\r\n";
        int more = 20 * 1024 / next.length();
        try (WebSocketServer server = builder()
                        .get("/slow", HttpHandler.async(request -> slow))
                        .get("/next", request -> HttpResponse.text(200, ""))
                        .start();
                RawClient client = new RawClient(server)) {
            client.send(first + next.repeat(more));
            client.socket.shutdownOutput();
            while (server.counters().bytesRead() < first.length() + more * next.length()) {
                assertTrue(ask(server, request("GET /next")).startsWith("HTTP/1.1 200 "), "the loop goes on");
            }
            slow.complete(HttpResponse.text(200, ""));
            String all = client.rest();
            assertEquals(1 + more, all.split("HTTP/1.1 200 ").length - 1);
        }
    }

    @Test
    void anUpgradeMayFollowOtherRequestsAndHasNoBody() throws Exception {
        try (WebSocketServer server = builder().start();
                RawClient client = new RawClient(server)) {
            client.send("GET /1 HTTP/1.1\r\nHost: localhost\r\n\r\n\r\n" + RawClient.upgrade("/ws", ""));
            client.send(Frame.text("hello"));
            client.send(Frame.close(ClosePayload.EMPTY));
            assertTrue(client.head().startsWith("HTTP/1.1 404 "));
            client.body(11);
            assertTrue(client.head().startsWith("HTTP/1.1 101 "));
            assertEquals(Frame.text("hello"), client.frame());
            for (String length : new String[] {"Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n"}) {
                assertTrue(ask(server, RawClient.upgrade("/ws", length)).startsWith("HTTP/1.1 400 "));
            }
        }
    }

    /** A listener that blocks its loop, as {@code System.exit} does where a shutdown hook closes the server. */
    @Test
    void stopReturnsByItsDeadlineWhileAListenerBlocks() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        try (WebSocketServer server = builder()
                        .get("/block", request -> {
                            entered.countDown();
                            release.await();
                            return HttpResponse.text(200, "");
                        })
                        .start();
                RawClient client = new RawClient(server)) {
            client.send("GET /block HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertTrue(entered.await(20, TimeUnit.SECONDS));
            server.stop(Duration.ofMillis(300));
            assertEquals(1, release.getCount(), "it has returned although the handler still blocks");
            release.countDown();
            server.stop(Duration.ofSeconds(Long.MAX_VALUE));
            assertEquals(0, server.connections());
        }
    }
}
