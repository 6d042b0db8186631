package dev.tenon.ws.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.frame.ClosePayload;
import dev.tenon.ws.frame.Frame;
import dev.tenon.ws.frame.Opcode;
import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.HeadLimits;
import dev.tenon.ws.handshake.Headers;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.handshake.OriginPolicy;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server as a plain socket sees it: bytes in, bytes out. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WebSocketServerTest extends WebSocketServerTestBase {
    @Test
    void aPortAndRoutesFromElsewhereMakeAServer() throws Exception {
        try (WebSocketServer server = WebSocketServer.builder()
                        .listen(0)
                        .routes(WebSocketServerTest::health)
                        .start();
                RawClient peer = new RawClient(server)) {
            peer.send("GET /health HTTP/1.0\r\n\r\n");
            assertTrue(peer.rest().endsWith("well"));
        }
    }

    @Test
    void aRequestWithARouteBecomesAWebSocket() throws Exception {
        Echo echo = new Echo();
        try (WebSocketServer server =
                        builder().route("/ws", upgrade -> upgrade.accept(echo)).start();
                RawClient peer = new RawClient(server)) {
            peer.send(RawClient.upgrade("/ws?x=1", ""));
            String head = peer.head();
            assertTrue(head.startsWith("HTTP/1.1 101 "), head);
            assertTrue(head.contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"), head);
            for (byte b :
                    RawClient.masked(Frame.text("grüß dich"))) { // one byte per packet, as far as the network allows
                peer.socket.getOutputStream().write(b);
            }
            peer.send(Frame.close(ClosePayload.EMPTY));
            List<Frame> frames = peer.frames();
            assertEquals(List.of(Frame.text("grüß dich"), Frame.close(ClosePayload.EMPTY)), frames);
            assertTrue(echo.closed.get(10, TimeUnit.SECONDS).wasClean());
        }
    }

    /** The server does not read from a client that does not read: otherwise its responses would fill the memory. */
    @Test
    void requestsWaitUntilTheResponsesBeforeHaveLeft() throws Exception {
        int chunks = 200;
        byte[] chunk = "GET / HTTP/1.1\r\nHost:[::]\r\n\r\n".repeat(1000).getBytes(ISO_8859_1);
        try (WebSocketServer server = builder().start();
                Socket socket = new Socket()) {
            socket.setReceiveBufferSize(16 * 1024);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
            socket.setSoTimeout(10_000);
            CompletableFuture<Void> written = CompletableFuture.runAsync(() -> {
                try {
                    for (int i = 0; i < chunks; i++) {
                        socket.getOutputStream().write(chunk);
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            long before;
            do {
                before = server.counters().bytesRead();
                Thread.sleep(500);
            } while (before == 0 || server.counters().bytesRead() != before);
            long read = before;
            assertTrue(read < 4_000_000, () -> read + " bytes of requests, whose responses wait");
            byte[] start = "HTTP/1.1 404 ".getBytes(ISO_8859_1);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            int responses = 0;
            for (int at = 0; responses < chunks * 1000; ) {
                int b = in.read();
                assertTrue(b >= 0, "the server has ended the connection");
                at = b == start[at] ? at + 1 : b == 'H' ? 1 : 0;
                if (at == start.length) {
                    responses++;
                    at = 0;
                }
            }
            written.get(10, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aResponseThatCannotBeSentIsAnInternalError(boolean later) throws Exception {
        HttpResponse contradictory = HttpResponse.of(204, Headers.empty()).withBody(ByteBuffer.allocate(1));
        HttpHandler handler = later
                ? HttpHandler.async(request -> CompletableFuture.supplyAsync(() -> contradictory))
                : request -> contradictory;
        try (WebSocketServer server = builder().http(handler).start();
                RawClient peer = new RawClient(server)) {
            peer.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
            String response = peer.rest();
            assertTrue(response.startsWith("HTTP/1.1 500 "), response);
        }
    }

    @Test
    void anOriginPolicyThatThrowsIsAnInternalError() throws Exception {
        OriginPolicy broken = request -> {
            throw new AssertionError("a secret");
        };
        try (WebSocketServer server = builder()
                        .route("/", upgrade -> upgrade.accept(new Echo()), route -> route.origins(broken))
                        .start();
                RawClient peer = new RawClient(server)) {
            peer.send(RawClient.upgrade("/", "Origin: http://localhost\r\n"));
            String response = peer.rest();
            assertTrue(response.startsWith("HTTP/1.1 500 "), response);
            assertFalse(response.contains("secret"), response);
        }
    }

    @Test
    void framesBehindTheHeadInOnePacketAreNotLost() throws Exception {
        try (WebSocketServer server = builder()
                        .route("/ws", upgrade -> upgrade.accept(new Echo()))
                        .start();
                RawClient peer = new RawClient(server)) {
            peer.send(RawClient.upgrade("/ws", "") + new String(RawClient.masked(Frame.text("early")), ISO_8859_1));
            assertTrue(peer.head().startsWith("HTTP/1.1 101 "));
            assertEquals(Frame.text("early"), peer.frame());
        }
    }

    @Test
    void requestsWithoutARouteReachTheFallback() throws Exception {
        try (WebSocketServer server = builder()
                        .route("/ws", upgrade -> upgrade.accept(new Echo()))
                        .http(request -> HttpResponse.text(
                                200, request.method() + " " + request.path() + " " + request.bodyText()))
                        .start();
                RawClient peer = new RawClient(server)) {
            peer.send("GET /page HTTP/1.1\r\nHost: localhost\r\n\r\n"
                    + "POST /form HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello"
                    + "HEAD /page HTTP/1.1\r\nHost: localhost\r\n\r\n"
                    + RawClient.upgrade("/elsewhere", "Connection: close\r\n"));
            assertTrue(peer.head().contains("Content-Length: 10\r\n"));
            assertEquals("GET /page ", peer.body(10));
            peer.head();
            assertEquals("POST /form hello", peer.body(16));
            assertTrue(peer.head().contains("Content-Length: 11\r\n"));
            String last = peer.rest();
            assertTrue(last.startsWith("HTTP/1.1 200 OK\r\n"), last);
            assertTrue(last.endsWith("GET /elsewhere "), last);
        }
    }

    @Test
    void byDefaultAllOtherPathsAreNotFound() throws Exception {
        try (WebSocketServer server = builder()
                        .route("/ws", upgrade -> upgrade.accept(new Echo()))
                        .start();
                RawClient peer = new RawClient(server)) {
            peer.send("GET / HTTP/1.0\r\n\r\n");
            assertTrue(peer.rest().startsWith("HTTP/1.1 404 "));
        }
    }

    @Test
    void aResponseMayComeLaterFromAnotherThread() throws Exception {
        CompletableFuture<HttpResponse> later = new CompletableFuture<>();
        try (WebSocketServer server =
                        builder().http(HttpHandler.async(request -> later)).start();
                RawClient peer = new RawClient(server)) {
            peer.send("GET /poll HTTP/1.1\r\nHost: localhost\r\n\r\nGET /poll HTTP/1.1\r\nHost: localhost\r\n\r\n");
            later.complete(HttpResponse.text(200, "news"));
            for (int i = 0; i < 2; i++) {
                assertTrue(peer.head().startsWith("HTTP/1.1 200 "));
                assertEquals("news", peer.body(4));
            }
        }
    }

    @Test
    void endpointsRefuseWithTheirOwnResponse() throws Exception {
        try (WebSocketServer server = builder()
                        .route("/refused", request -> {
                            throw new HandshakeException(
                                    "no",
                                    new HttpResponse(
                                            401,
                                            "Unauthorized",
                                            Headers.of("WWW-Authenticate", "Basic realm=\"a\""),
                                            ByteBuffer.wrap("who are you?".getBytes(UTF_8))));
                        })
                        .route("/broken", request -> {
                            throw new IllegalStateException("secret: a test wants to see this");
                        })
                        .start();
                RawClient refused = new RawClient(server);
                RawClient broken = new RawClient(server)) {
            refused.send(RawClient.upgrade("/refused", ""));
            String response = refused.rest();
            assertTrue(response.startsWith("HTTP/1.1 401 Unauthorized\r\n"), response);
            assertTrue(response.contains("WWW-Authenticate: Basic realm=\"a\"\r\n"), response);
            assertTrue(response.endsWith("\r\n\r\nwho are you?"), response);
            broken.send(RawClient.upgrade("/broken", ""));
            response = broken.rest();
            assertTrue(response.startsWith("HTTP/1.1 500 "), response);
            assertFalse(response.contains("secret"), response);
        }
    }

    @Test
    void anotherOriginIsRefused() throws Exception {
        try (WebSocketServer server = builder()
                        .route("/ws", upgrade -> upgrade.accept(new Echo()))
                        .start();
                RawClient peer = new RawClient(server)) {
            peer.send(RawClient.upgrade("/ws", "Origin: https://elsewhere.example\r\n"));
            assertTrue(peer.rest().startsWith("HTTP/1.1 403 "));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "GET /ws HTT",
                "GET /ws HTTP/1.1\r\nHost: localhost\r\n",
                "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n1"
            })
    void aClientThatTakesTooLongGetsAResponse(String beginning) throws Exception {
        try (WebSocketServer server = builder()
                        .http(request -> HttpResponse.text(200, ""))
                        .handshakeTimeout(Duration.ofMillis(300))
                        .start();
                RawClient peer = new RawClient(server)) {
            peer.send(beginning);
            String response = peer.rest();
            assertTrue(beginning.isEmpty() ? response.isEmpty() : response.startsWith("HTTP/1.1 408 "), response);
        }
    }

    @Test
    void aClientThatSendsSlowlyGetsNoMoreTime() throws Exception {
        try (WebSocketServer server =
                        builder().handshakeTimeout(Duration.ofMillis(500)).start();
                RawClient peer = new RawClient(server)) {
            peer.socket.setSoTimeout(100);
            String response = "";
            for (int i = 0; i < 100 && response.isEmpty(); i++) {
                peer.send("GET / HTTP/1.1\r\nX: ".substring(Math.min(i, 18), Math.min(i, 18) + 1));
                try {
                    response = peer.rest();
                } catch (SocketTimeoutException nothingYet) {
                    assertTrue(i < 50, "five seconds are more than half a second and two sweeps");
                }
            }
            assertTrue(response.startsWith("HTTP/1.1 408 "), response);
        }
    }

    @Test
    void headsAndBodiesHaveLimits() throws Exception {
        try (WebSocketServer server = builder()
                        .headLimits(new HeadLimits(500, 200, 5))
                        .maxBody(10)
                        .start();
                RawClient head = new RawClient(server);
                RawClient body = new RawClient(server)) {
            head.send("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(600) + "\r\n\r\n");
            assertTrue(head.rest().startsWith("HTTP/1.1 431 "));
            body.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 11\r\n\r\n12345678901");
            assertTrue(body.rest().startsWith("HTTP/1.1 413 "));
        }
    }

    @Test
    void aProtocolViolationGetsACloseFrame() throws Exception {
        Echo echo = new Echo();
        try (WebSocketServer server =
                        builder().route("/ws", upgrade -> upgrade.accept(echo)).start();
                RawClient peer = new RawClient(server)) {
            peer.send(RawClient.upgrade("/ws", ""));
            peer.head();
            peer.socket.getOutputStream().write(new byte[] {(byte) 0x81, 1, 'x'}); // not masked
            peer.socket.getOutputStream().write(new byte[300_000]); // further bytes that the server does not read
            List<Frame> frames = peer.frames();
            assertEquals(1, frames.size());
            assertEquals(Opcode.CLOSE, frames.get(0).firstByte().opcode());
            assertEquals(
                    1002, ClosePayload.decode(frames.get(0).payload()).code().value());
            peer.socket.close();
            assertEquals(1002, echo.closed.get(10, TimeUnit.SECONDS).code().value());
        }
    }
}
