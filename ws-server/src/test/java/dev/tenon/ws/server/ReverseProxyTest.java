package dev.tenon.ws.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.extension.Extensions;
import dev.tenon.ws.frame.ClosePayload;
import dev.tenon.ws.frame.Frame;
import dev.tenon.ws.handshake.HttpResponse;
import dev.tenon.ws.handshake.TrustedProxies;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A server behind proxies: how it reads their headers, and how it limits connections. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReverseProxyTest {
    private static final TrustedProxies LOCAL = TrustedProxies.xForwarded("127.0.0.0/8", "::1");

    private static String describe(Client client) {
        InetSocketAddress address = client.address();
        return (address == null ? "hidden" : address.getAddress().getHostAddress()) + (client.secure() ? " tls" : "");
    }

    private static WebSocketServerBuilder builder() {
        return WebSocketServer.builder()
                .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .extensions(Extensions.none())
                .loops(1)
                .route("/ws", upgrade -> upgrade.accept(new Echo()))
                .http(request -> HttpResponse.text(200, describe(request.client())));
    }

    private static String status(RawClient client) throws Exception {
        return client.head().substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length());
    }

    private static String upgrade(RawClient client, @Nullable String forwardedFor) throws Exception {
        client.send(RawClient.upgrade("/ws", forwardedFor == null ? "" : "X-Forwarded-For: " + forwardedFor + "\r\n"));
        return status(client);
    }

    private static String get(String... lines) {
        return "GET / HTTP/1.1\r\nHost: localhost\r\n" + String.join("\r\n", lines) + "\r\n\r\n";
    }

    @Test
    void aTrustedProxyNamesTheClient() throws Exception {
        try (WebSocketServer server = builder().trustedProxies(LOCAL).start();
                RawClient proxy = new RawClient(server)) {
            proxy.send(get("X-Forwarded-For: 6.6.6.6, 192.0.2.1", "X-Forwarded-Proto: https"));
            proxy.send(get("X-Forwarded-For: unknown"));
            proxy.send(get("X-Forwarded-For: nonsense"));
            proxy.head();
            assertEquals("192.0.2.1 tls", proxy.body(13));
            proxy.head();
            assertEquals("hidden", proxy.body(6));
            proxy.head();
            assertEquals("hidden", proxy.body(6), "nobody is locked out for what cannot be read");
        }
    }

    @Test
    void headersOfUntrustedPeersAreIgnored() throws Exception {
        TrustedProxies elsewhere = TrustedProxies.xForwarded("192.0.2.0/24");
        for (TrustedProxies proxies : new TrustedProxies[] {elsewhere, TrustedProxies.none()}) {
            try (WebSocketServer server = builder().trustedProxies(proxies).start();
                    RawClient forger = new RawClient(server)) {
                forger.send(get(
                        "X-Forwarded-For: 6.6.6.6",
                        "X-Forwarded-Proto: https",
                        "Forwarded: for=6.6.6.6;proto=https",
                        "Connection: close"));
                assertTrue(forger.rest().endsWith("\r\n\r\n127.0.0.1"));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "https, https://127.0.0.1, 101",
        "https, http://127.0.0.1, 403", // a page without TLS, on a connection with TLS
        "http, http://127.0.0.1, 101",
        "https, https://evil.example, 403",
    })
    void sameOriginComparesWithTheSchemeThatTheClientUses(String proto, String origin, String status) throws Exception {
        try (WebSocketServer server = builder().trustedProxies(LOCAL).start();
                RawClient proxy = new RawClient(server)) {
            proxy.send(RawClient.upgrade(
                    "/ws",
                    "Origin: " + origin + "\r\nX-Forwarded-For: 192.0.2.1\r\nX-Forwarded-Proto: " + proto + "\r\n"));
            assertEquals(status, status(proxy));
        }
    }

    @ParameterizedTest
    @CsvSource({"true, 101", "false, 403"})
    void theOriginIsComparedWithTheHostOfATrustedProxysHeader(boolean believed, String status) throws Exception {
        try (WebSocketServer server = builder()
                        .trustedProxies(believed ? LOCAL.withHosts() : LOCAL)
                        .start();
                RawClient proxy = new RawClient(server)) {
            String forwarded = """
                Origin: https://public.example
                X-Forwarded-For: 192.0.2.1
                X-Forwarded-Proto: wss
                X-Forwarded-Host: public.example
                X-Forwarded-Port: 443
                """;
            proxy.send(RawClient.upgrade("/ws", forwarded.replace("\n", "\r\n")));
            assertEquals(status, status(proxy));
        }
    }

    @Test
    void connectionsCountForTheClientBehindTheProxy() throws Exception {
        try (WebSocketServer server = builder()
                        .trustedProxies(LOCAL)
                        .maxConnectionsPerAddress(2)
                        .start();
                RawClient first = new RawClient(server);
                RawClient second = new RawClient(server);
                RawClient third = new RawClient(server);
                RawClient neighbour = new RawClient(server)) {
            assertEquals("101", upgrade(first, "192.0.2.1"));
            assertEquals("101", upgrade(second, "6.6.6.6, 192.0.2.1"));
            assertEquals("503", upgrade(third, "192.0.2.1"));
            assertEquals("101", upgrade(neighbour, "192.0.2.2"));
            first.send(Frame.close(ClosePayload.EMPTY));
            first.in.readAllBytes();
            assertBecomesFree(server, "192.0.2.1");
        }
    }

    /** The permit is free soon after the close, but not before it. */
    private static void assertBecomesFree(WebSocketServer server, @Nullable String forwardedFor) throws Exception {
        boolean free = false;
        for (int i = 0; i < 1000 && !free; i++) {
            try (RawClient next = new RawClient(server)) {
                free = upgrade(next, forwardedFor).equals("101");
            }
        }
        assertTrue(free);
    }

    @Test
    void oneConnectionTooManyGetsAResponse() throws Exception {
        try (WebSocketServer server = builder().maxConnections(2).start();
                RawClient first = new RawClient(server);
                RawClient second = new RawClient(server)) {
            assertEquals("101", upgrade(first, null));
            second.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertEquals("200", status(second));
            second.body(9);
            try (RawClient third = new RawClient(server)) {
                assertEquals("503", upgrade(third, null));
                assertTrue(third.rest().startsWith("too many connections"));
            }
            assertEquals("101", upgrade(second, null), "one that is in stays in");
            first.socket.close();
            assertBecomesFree(server, null);
        }
    }
}
