package dev.tenon.ws.client;

import static dev.tenon.ws.client.Chat.failure;
import static dev.tenon.ws.client.Chat.greeted;
import static dev.tenon.ws.client.Peer.greet;
import static dev.tenon.ws.client.Peer.has;
import static dev.tenon.ws.client.Peer.header;
import static dev.tenon.ws.client.Peer.response;
import static dev.tenon.ws.client.Peer.say;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.client.ResponsesTest.Mufasa;
import dev.tenon.ws.handshake.HandshakeException;
import dev.tenon.ws.handshake.HeadLimits;
import dev.tenon.ws.handshake.Headers;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The contents of requests to servers and proxies, and the information that they must not have; options of one connect.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RequestTest {
    private static WebSocketClient.Builder client() {
        return WebSocketClient.builder().proxy(null);
    }

    private static Peer greeting() throws Exception {
        return answering((socket, head) -> greet(socket, head, ""));
    }

    private interface Answer {
        void to(java.net.Socket socket, String head) throws Exception;
    }

    private static Peer answering(Answer response) throws Exception {
        Peer[] peer = new Peer[1];
        peer[0] = Peer.start(socket -> response.to(socket, peer[0].head(socket)));
        return peer[0];
    }

    private static Peer redirecting(String location) throws Exception {
        return answering((socket, head) -> say(socket, response(302, "Location: " + location)));
    }

    // User-Agent

    @Test
    void theUserAgentIsTenonAndItsVersionUnlessSet() throws Exception {
        assertTrue(UserAgent.DEFAULT.matches("Tenon/\\d+\\.\\d+.*"), UserAgent.DEFAULT);
        try (Peer server = greeting();
                WebSocketClient client = client().build()) {
            greeted(client, server.uri()).close();
            ConnectRequest request = ConnectRequest.to(server.uri());
            greeted(client, request.withHeader("user-agent", "own/1")).close();
            greeted(client, request.with(options -> options.userAgent("set/2"))).close();
            greeted(client, request.with(options -> options.userAgent(null))).close();
            assertEquals(UserAgent.DEFAULT, header(server.heads.get(0), "User-Agent"));
            assertEquals("own/1", header(server.heads.get(1), "User-Agent"));
            assertEquals(
                    2, server.heads.get(1).toLowerCase(java.util.Locale.ROOT).split("user-agent", -1).length);
            assertEquals("set/2", header(server.heads.get(2), "User-Agent"));
            assertFalse(has(server.heads.get(3), "User-Agent"));
            assertThrows(IllegalArgumentException.class, () -> client().userAgent("a\r\nb"));
        }
    }

    @Test
    void aProxyGetsItsOwnHeadersAndTheServerNoneOfThem() throws Exception {
        try (Peer server = greeting();
                Peer proxy = ProxyPeer.http(head -> has(head, "User-Agent") ? "" : response(403));
                WebSocketClient client = client().proxy(
                                new ProxyPeer.RecordingProxySelector(ProxyPeer.proxy(Proxy.Type.HTTP, proxy.port())))
                        .proxyHeaders(Headers.of("X-Gate-Token", "t"))
                        .build()) {
            ConnectRequest request = ConnectRequest.to("ws://inside.test:" + server.port() + "/")
                    .withHeader("User-Agent", "mine")
                    .withHeader("X-Server-Token", "s");
            greeted(client, request).close();
            greeted(client, request.with(options -> options.proxyHeaders(Headers.of("user-agent", "other"))))
                    .close();
            String proxyRequest = proxy.heads.get(0);
            assertEquals(UserAgent.DEFAULT, header(proxyRequest, "User-Agent"));
            assertEquals("t", header(proxyRequest, "X-Gate-Token"));
            assertFalse(has(proxyRequest, "X-Server-Token"));
            assertFalse(has(server.heads.get(0), "X-Gate-Token"));
            assertEquals("other", header(proxy.heads.get(1), "User-Agent"));
            assertThrows(IllegalArgumentException.class, () -> client().proxyHeaders(Headers.of("host", "x")));
        }
    }

    // Redirects

    @Test
    void nothingOfTheUsersCrossesOriginsUnlessListed() throws Exception {
        try (Peer target = greeting();
                Peer first = redirecting("ws://127.0.0.1:" + target.port() + "/");
                WebSocketClient client = client().redirects(1).build()) {
            ConnectRequest request = ConnectRequest.to(first.uri() + "?token=secret")
                    .withSubprotocols("bearer.secret", "chat")
                    .withHeader("Authorization", "Bearer secret")
                    .withHeader("Cookie", "id=secret")
                    .withHeader("X-Api-Key", "secret")
                    .withHeader("Origin", "https://secret.test");
            greeted(client, request).close();
            assertFalse(target.heads.get(0).contains("secret"), target.heads.get(0));
            assertFalse(has(target.heads.get(0), "Sec-WebSocket-Protocol"));
            RedirectPolicy listed =
                    RedirectPolicy.follow(1).withCarried("x-api-KEY").withCarried("sec-websocket-protocol");
            greeted(client, request.with(options -> options.redirects(listed))).close();
            String carried = target.heads.get(1);
            assertEquals("secret", header(carried, "X-Api-Key"));
            assertEquals("bearer.secret, chat", header(carried, "Sec-WebSocket-Protocol"));
            assertFalse(has(carried, "Authorization") || has(carried, "Cookie") || has(carried, "Origin"), carried);
        }
    }

    /** The other server has chosen the target of its redirect, so the removed headers do not come back. */
    @Test
    void headersLeftOutOfARedirectStayOutOnTheWayBack() throws Exception {
        Peer[] first = new Peer[1];
        try (Peer other = answering((socket, head) ->
                        say(socket, response(302, "Location: ws://127.0.0.1:" + first[0].port() + "/delete")));
                Peer origin = answering((socket, head) -> {
                    if (head.startsWith("GET /delete ")) {
                        greet(socket, head, "");
                    } else {
                        say(socket, response(302, "Location: ws://127.0.0.1:" + other.port() + "/"));
                    }
                });
                WebSocketClient client = client().redirects(2).build()) {
            first[0] = origin;
            greeted(client, ConnectRequest.to(origin.uri()).withHeader("Authorization", "Bearer secret"))
                    .close();
            assertTrue(has(origin.heads.get(0), "Authorization"));
            assertFalse(has(origin.heads.get(1), "Authorization"));
        }
    }

    @Test
    void aRedirectMayBeVetoed() throws Exception {
        List<String> proxyRequest = new CopyOnWriteArrayList<>();
        try (Peer target = greeting();
                Peer first = redirecting("ws://127.0.0.1:" + target.port() + "/x?y");
                WebSocketClient client = client().redirects(
                                RedirectPolicy.follow(5).withAllowed(redirect -> {
                                    proxyRequest.add(redirect.from() + " " + redirect.to() + " "
                                            + redirect.response().status() + " " + redirect);
                                    return false;
                                }))
                        .build()) {
            HandshakeException refusal = failure(HandshakeException.class, client.connect(first.uri(), new Chat()));
            assertEquals(302, refusal.status());
            assertEquals(
                    "the redirect to http://127.0.0.1:" + target.port() + " is not allowed by the client's policy",
                    refusal.getMessage());
            assertEquals(
                    List.of(first.uri() + " ws://127.0.0.1:" + target.port() + "/x?y 302 Redirect[302]"), proxyRequest);
            assertEquals(0, target.accepted());
        }
    }

    @Test
    void theMessageOfARedirectThatLeadsNowhereHoldsNoToken() throws Exception {
        try (Peer first = redirecting("ftp://127.0.0.1/?token=secret");
                WebSocketClient client = client().redirects(1).build()) {
            HandshakeException refusal = failure(HandshakeException.class, client.connect(first.uri(), new Chat()));
            assertFalse(String.valueOf(refusal.getMessage()).contains("secret"), refusal.getMessage());
        }
    }

    // Authentication

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "Bearer error=not found; Basic realm=\"x\"",
                "Basic realm=My Proxy; Negotiate",
                "Basic; NTLM TlRMTVNTUAAC+/==",
                "Digest nonce=1, nonce=2, qop=auth; Basic realm=x"
            })
    void malformedChallengesHideNoOthersAndBasicNeedsNoParameter(String one, String two) throws Exception {
        for (boolean byProxy : new boolean[] {false, true}) {
            String name = byProxy ? "Proxy-Authenticate: " : "WWW-Authenticate: ";
            String sent = byProxy ? "Proxy-Authorization" : "Authorization";
            String challenge = response(byProxy ? 407 : 401, name + one, name + two);
            try (Peer server = answering((socket, head) -> {
                        if (byProxy || has(head, sent)) {
                            greet(socket, head, "");
                        } else {
                            say(socket, challenge);
                        }
                    });
                    Peer proxy = ProxyPeer.http(head -> has(head, sent) ? "" : challenge);
                    WebSocketClient client = client().proxy(
                                    byProxy
                                            ? new ProxyPeer.RecordingProxySelector(
                                                    ProxyPeer.proxy(Proxy.Type.HTTP, proxy.port()))
                                            : null)
                            .authenticator(new Mufasa("u"))
                            .build()) {
                greeted(client, server.uri()).close();
                String head = (byProxy ? proxy : server).heads.get(1);
                assertTrue(header(head, sent).startsWith("Basic "), head);
            }
        }
    }

    @Test
    void basicIsNotSentInTheClearWhereThePolicyForbidsIt() throws Exception {
        Mufasa mufasa = new Mufasa("u");
        try (Peer server = answering((socket, head) -> {
                    if (has(head, "Authorization")) {
                        greet(socket, head, "");
                    } else {
                        say(socket, response(401, "WWW-Authenticate: Basic realm=x"));
                    }
                });
                WebSocketClient client = client().authenticator(mufasa).build()) {
            greeted(client, server.uri()).close(); // the client knows the credentials now
            ConnectRequest guarded = ConnectRequest.to(server.uri())
                    .with(options -> options.authPolicy(AuthPolicy.NO_BASIC_IN_THE_CLEAR));
            assertEquals(
                    401,
                    failure(HandshakeException.class, client.connect(guarded, new Chat()))
                            .status());
            assertFalse(has(server.heads.get(2), "Authorization"));
            assertEquals(1, mufasa.challenges.get());
        }
    }

    @Test
    void theCredentialsOfOneConnectsAuthenticatorAreNotAnothers() throws Exception {
        try (Peer server = answering((socket, head) -> {
                    if (has(head, "Authorization")) {
                        greet(socket, head, "");
                    } else {
                        say(socket, response(401, "WWW-Authenticate: Basic realm=x"));
                    }
                });
                WebSocketClient client = client().build()) {
            ConnectRequest request = ConnectRequest.to(server.uri());
            greeted(client, request.with(options -> options.authenticator(new Mufasa("one"))))
                    .close();
            failure(HandshakeException.class, client.connect(request, new Chat()));
            greeted(client, request.with(options -> options.authenticator(new Mufasa("two"))))
                    .close();
            assertFalse(has(server.heads.get(2), "Authorization") || has(server.heads.get(3), "Authorization"));
            assertFalse(
                    header(server.heads.get(1), "Authorization").equals(header(server.heads.get(4), "Authorization")));
        }
    }

    // Options of one connect

    @Test
    void oneConnectMayHaveOptionsOfItsOwnAndTheNextHasTheClients() throws Exception {
        try (FullBacklog silence = FullBacklog.at("127.0.0.1", 0);
                Peer server = greeting();
                WebSocketClient client = client().build()) {
            ConnectRequest request = ConnectRequest.to("ws://127.0.0.1:" + silence.port() + "/")
                    .with(options -> options.connectTimeout(Duration.ofMillis(150)))
                    .with(options -> options.handshakeTimeout(Duration.ofMillis(151)));
            SocketTimeoutException late = failure(SocketTimeoutException.class, client.connect(request, new Chat()));
            assertTrue(String.valueOf(late.getMessage()).startsWith("waited 150 ms for a TCP"), late.getMessage());
            greeted(client, server.uri()).close();
            assertThrows(
                    IllegalArgumentException.class,
                    () -> client.connect(request.with(options -> options.timeout(Duration.ZERO)), new Chat()));
        }
    }

    @Test
    void aHeadLimitMayBeSet() throws Exception {
        String cookie = "Set-Cookie: a=" + "b".repeat(40_000) + "\r\n";
        try (Peer server = answering((socket, head) -> greet(socket, head, cookie));
                WebSocketClient client = client().build()) {
            greeted(client, server.uri()).close();
            ConnectRequest strict = ConnectRequest.to(server.uri())
                    .with(options -> options.responseLimits(new HeadLimits(8192, 8000, 100)));
            assertEquals(
                    101,
                    failure(HandshakeException.class, client.connect(strict, new Chat()))
                            .status());
        }
    }

    // Logs

    @Test
    void noTextOfARequestHoldsACredential() {
        ConnectRequest request = ConnectRequest.to("wss://example.org/feed?token=secret")
                .withSubprotocols("bearer.secret")
                .withHeader("Authorization", "Bearer secret")
                .withHeader("X-Api-Key", "secret");
        assertEquals(
                "ConnectRequest[wss://example.org/feed?…, headers=[authorization, x-api-key], subprotocols=1]",
                request.toString());
    }
}
