package dev.tenon.ws.netty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.connection.CloseEvent;
import dev.tenon.ws.frame.CloseCode;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.server.HostedRoutesBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients of HTTP/1.1 that break RFC 6455 or RFC 9112, or leave at any place. */
class Http1BadPeerTest extends BadPeerContract {
    private static final String SWITCHING = "HTTP/1.1 101 Switching Protocols";

    private Http1Peer peer;

    @BeforeEach
    void connect() throws Exception {
        peer = new Http1Peer(server.port());
    }

    @Override
    void addRoutes(HostedRoutesBuilder routes) {
        routes.get("/plain", request -> HttpResponse.text(200, "ok"))
                .post("/body", request -> HttpResponse.text(200, "ok"));
    }

    private NettyServer serverWithShortTimeouts() throws Exception {
        return start(configured().requestTimeout(Duration.ofMillis(200)));
    }

    @AfterEach
    void leave() throws Exception {
        peer.close();
    }

    private void open() throws Exception {
        peer.send(Http1Peer.upgrade("/"));
        assertEquals(SWITCHING, peer.head().get(0));
    }

    private String status(String request) throws Exception {
        peer.send(request);
        return peer.head().get(0).split(" ", 3)[1];
    }

    @Test
    void aGoodPeerGetsItsEchoAndTheCloseFrame() throws Exception {
        open();
        peer.sendHex(HI + CLOSE);
        assertEquals(HI_BACK + CLOSE_BACK, peer.rest());
        assertTrue(listener.end().wasClean());
    }

    @Test
    void framesAfterTheUpgradeInOnePacketAreRead() throws Exception {
        peer.send(Http1Peer.upgrade("/") + "\u0081\u0082\0\0\0\0hi");
        assertEquals(SWITCHING, peer.head().get(0));
        assertEquals(HI_BACK, peer.hex(4));
    }

    @Test
    void anUpgradeInSingleBytesIsOne() throws Exception {
        for (char one : Http1Peer.upgrade("/").toCharArray()) {
            peer.send(String.valueOf(one));
        }
        assertEquals(SWITCHING, peer.head().get(0));
        peer.sendHex(HI);
        assertEquals(HI_BACK, peer.hex(4));
    }

    @ParameterizedTest
    @CsvSource({
        "Version: 13, Version: 8, 426",
        "Key: dGhlIHNhbXBsZSBub25jZQ==, Key: dGhl, 400",
        "Sec-WebSocket-Key, X-Key, 400",
        "GET /, POST /, 405",
        "HTTP/1.1, HTTP/1.0, 426",
        "Host: 127.0.0.1, Host: evil.example, 421",
        "'Host: 127.0.0.1', 'Host: 127.0.0.1\r\nContent-Length: 2', 400",
        "'Host: 127.0.0.1', 'Host: 127.0.0.1\r\nHost: 127.0.0.2', 400",
        "GET /, GET /nowhere, 404",
        "'Host: 127.0.0.1', 'Host: 127.0.0.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 5', 400",
    })
    void anInvalidHandshakeIsRefused(String what, String instead, String status) throws Exception {
        assertEquals(status, status(Http1Peer.upgrade("/").replace(what, instead) + "0\r\n\r\n"));
        assertFalse(listener.opened.isDone());
    }

    @Test
    void bytesThatAreNoHttpAreAnsweredInHttp() throws Exception {
        assertEquals("400", status("nonsense\r\n\r\n"));
    }

    @Test
    void aHeadWithoutEndIsTooLong() throws Exception {
        String line = "X-More: " + "x".repeat(1000) + "\r\n";
        assertEquals("431", status("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n" + line.repeat(20) + "\r\n"));
    }

    @Test
    void aSecondUpgradeIsNoFrame() throws Exception {
        peer.send(Http1Peer.upgrade("/") + Http1Peer.upgrade("/"));
        assertEquals(SWITCHING, peer.head().get(0));
        assertEquals("88", peer.hex(1), "a Close frame");
        peer.end();
        assertEquals(CloseCode.PROTOCOL_ERROR, listener.end().code());
    }

    @Test
    void aFrameWithoutMaskIsReportedBeforeTheEnd() throws Exception {
        open();
        peer.sendHex("81026869");
        String close = peer.hex(4);
        assertTrue(close.startsWith("88") && close.startsWith("03ea", 4), close);
        peer.end();
        assertEquals(CloseCode.PROTOCOL_ERROR, listener.end().code());
    }

    @Test
    void framesAfterACloseFrameAreIgnored() throws Exception {
        open();
        peer.sendHex(CLOSE + HI);
        assertEquals(CLOSE_BACK, peer.rest());
        assertTrue(listener.end().wasClean());
        assertFalse(listener.text.isDone());
    }

    @Test
    void aResetInTheMiddleOfAFrameIsReportedAsAReset() throws Exception {
        open();
        peer.sendHex(HI + HI.substring(0, 6));
        assertEquals(HI_BACK, peer.hex(4));
        peer.reset();
        CloseEvent end = listener.end();
        assertEquals(CloseCode.ABNORMAL_CLOSURE, end.code());
        assertTrue(String.valueOf(end.cause()).contains("reset"), () -> "told " + end);
    }

    @Test
    void theEndOfTheConnectionWithoutACloseFrameIsNoReset() throws Exception {
        open();
        peer.end();
        CloseEvent end = listener.end();
        assertEquals(CloseCode.ABNORMAL_CLOSURE, end.code());
        assertFalse(String.valueOf(end.cause()).contains("reset"), () -> "told " + end);
        assertTrue(peer.isEnded());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aClientThatLeavesBeforeTheDecisionCancelsTheExchange(boolean byReset) throws Exception {
        peer.send(Http1Peer.upgrade("/late"));
        if (byReset) {
            peer.reset();
        } else {
            peer.end();
        }
        cancelled.get(60, TimeUnit.SECONDS);
        expectNoWebSocket();
    }

    @Test
    void theEndOfTheClientsDirectionBeforeTheDecisionClosesTheConnection() throws Exception {
        peer.send(Http1Peer.upgrade("/late"));
        peer.sendHex(HI);
        peer.end();
        cancelled.get(60, TimeUnit.SECONDS);
        assertEquals("", peer.rest());
        expectNoWebSocket();
    }

    /** RFC 8446 §6.1: a close_notify ends one direction, and the server responds with its own. */
    @Test
    void aCloseNotifyBeforeTheDecisionClosesTheConnection() throws Exception {
        server.stop(Duration.ZERO);
        server = start(configured()
                .tls(ServerAndClient.certificate(), ServerAndClient.key())
                .http3(null));
        try (Http1Peer secured = new Http1Peer(tlsSocket())) {
            secured.send(Http1Peer.upgrade("/late"));
            requested.get(60, TimeUnit.SECONDS);
            secured.end();
            cancelled.get(60, TimeUnit.SECONDS);
            assertEquals("", secured.rest());
        }
        expectNoWebSocket(new Http1Peer(tlsSocket()));
    }

    @Test
    void http3StaysOffInAnyOrderOfTheCalls() throws Exception {
        server.stop(Duration.ZERO);
        server = start(configured().http3(null).tls(ServerAndClient.certificate(), ServerAndClient.key()));
        try (Http1Peer secured = new Http1Peer(tlsSocket())) {
            secured.send("GET /nothing HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            String response = new String(HexFormat.of().parseHex(secured.rest()), ISO_8859_1);
            assertTrue(response.startsWith("HTTP/1.1 404 "), response);
            assertFalse(response.toLowerCase(Locale.ROOT).contains("alt-svc"), response);
        }
    }

    private SSLSocket tlsSocket() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        return (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", server.port());
    }

    private void expectNoWebSocket() throws Exception {
        expectNoWebSocket(new Http1Peer(server.port()));
    }

    private void expectNoWebSocket(Http1Peer other) throws Exception {
        accept();
        try (other) {
            other.send(Http1Peer.upgrade("/"));
            assertEquals(SWITCHING, other.head().get(0));
        }
        assertFalse(late.opened.isDone());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "GET / HTTP/1.1\r\nHost: 127",
                "POST /body HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\nx"
            })
    void aRequestThatTakesTooLongEnds(String begin) throws Exception {
        try (NettyServer serverWithShortTimeouts = serverWithShortTimeouts();
                Http1Peer idle = new Http1Peer(serverWithShortTimeouts.port())) {
            idle.send("GET /plain HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
            assertEquals("HTTP/1.1 200 OK", idle.head().get(0));
            assertEquals("ok", idle.text(2));
            idle.send(begin);
            assertTrue(idle.isEnded());
        }
    }

    @Test
    void aWebSocketOutlivesTheTimeoutOfRequests() throws Exception {
        try (NettyServer serverWithShortTimeouts = serverWithShortTimeouts();
                Http1Peer active = new Http1Peer(serverWithShortTimeouts.port());
                Http1Peer idle = new Http1Peer(serverWithShortTimeouts.port())) {
            active.send(Http1Peer.upgrade("/"));
            assertEquals(SWITCHING, active.head().get(0));
            idle.send("GET");
            assertTrue(idle.isEnded());
            active.sendHex(HI);
            assertEquals(HI_BACK, active.hex(4));
        }
    }
}
