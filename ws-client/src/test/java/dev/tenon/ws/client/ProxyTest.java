package dev.tenon.ws.client;

import static dev.tenon.ws.client.Chat.failure;
import static dev.tenon.ws.client.Chat.greeted;
import static dev.tenon.ws.client.Peer.has;
import static dev.tenon.ws.client.Peer.header;
import static dev.tenon.ws.client.Peer.response;
import static dev.tenon.ws.client.ProxyPeer.proxy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.client.ResponsesTest.Mufasa;
import dev.tenon.ws.client.auth.ExpectedDigest;
import dev.tenon.ws.handshake.HandshakeException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connects through proxies, and refusals of proxies. The client looks up no name itself. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ProxyTest {
    private static final String BASIC = response(407, "Proxy-Authenticate: Basic realm=\"gate\"");

    private final Peer[] made = new Peer[1];
    private Peer server;

    @BeforeEach
    void start() throws IOException {
        server = Peer.start(socket -> made[0].greet(socket));
        made[0] = server;
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private String uri() {
        return "ws://inside.test:" + server.port() + "/chat";
    }

    private static WebSocketClient.Builder client(Proxy... proxies) {
        return WebSocketClient.builder()
                .proxy(new ProxyPeer.RecordingProxySelector(proxies))
                .resolver(host -> {
                    throw new UnknownHostException(host + " was looked up");
                });
    }

    @Test
    void aTunnelThroughAnHttpProxyIsRequestedByConnect() throws Exception {
        ProxyPeer.RecordingProxySelector choice;
        try (Peer proxy = ProxyPeer.http(head -> "")) {
            choice = new ProxyPeer.RecordingProxySelector(proxy(Proxy.Type.HTTP, proxy.port()));
            try (WebSocketClient client = client().proxy(choice).build()) {
                greeted(client, uri()).close();
            }
            assertEquals(
                    "CONNECT inside.test:" + server.port() + " HTTP/1.1\r\nHost: inside.test:" + server.port()
                            + "\r\nUser-Agent: " + UserAgent.DEFAULT + "\r\n\r\n",
                    proxy.heads.get(0));
            assertTrue(server.heads.get(0).startsWith("GET /chat HTTP/1.1\r\n"));
        }
        assertEquals(List.of("http://inside.test:" + server.port() + "/chat"), choice.selectedFor);
        assertEquals(0, LinkOpener.HOSTS.keys());
    }

    @Test
    void basicCredentialsGoToTheProxyAndNeverToTheServer() throws Exception {
        Mufasa mufasa = new Mufasa("Mufasa");
        try (Peer proxy = ProxyPeer.http(head -> has(head, "Proxy-Authorization") ? "" : BASIC);
                WebSocketClient client = client(proxy(Proxy.Type.HTTP, proxy.port()))
                        .authenticator(mufasa)
                        .build()) {
            ConnectRequest request = ConnectRequest.to(uri())
                    .withHeader("Authorization", "Basic b3JpZ2lu")
                    .withHeader("Cookie", "a=b");
            greeted(client, request).close();
            greeted(client, request).close();
            assertEquals(3, proxy.heads.size());
            assertEquals(1, mufasa.challenges.get());
            assertTrue(mufasa.last.startsWith("PROXY basic gate http http://inside.test"), mufasa.last);
            assertEquals("Basic TXVmYXNhOkNpcmNsZSBvZiBMaWZl", header(proxy.heads.get(1), "Proxy-Authorization"));
            for (String head : proxy.heads) {
                assertFalse(has(head, "Authorization") || has(head, "Cookie"), head);
            }
            for (String head : server.heads) {
                assertFalse(has(head, "Proxy-Authorization"), head);
                assertEquals("Basic b3JpZ2lu", header(head, "Authorization"));
            }
        }
    }

    @Test
    void aServersChallengeIsNotAnsweredWithTheProxysCredentials() throws Exception {
        Mufasa mufasa = new Mufasa("Mufasa");
        try (Peer locked = Peer.start(socket -> {
                    made[0].head(socket);
                    Peer.say(socket, response(401, "WWW-Authenticate: Bearer"));
                });
                Peer proxy = ProxyPeer.http(head -> has(head, "Proxy-Authorization") ? "" : BASIC);
                WebSocketClient client = client(proxy(Proxy.Type.HTTP, proxy.port()))
                        .authenticator(mufasa)
                        .build()) {
            HandshakeException refusal = failure(
                    HandshakeException.class, client.connect("ws://inside.test:" + locked.port() + "/", new Chat()));
            assertEquals(401, refusal.status());
            assertEquals(1, server.heads.size());
            assertFalse(server.heads.get(0).contains("TXVmYXNh"));
        }
    }

    /** Accepts a digest if its response is right, with the counter, for CONNECT. */
    private static UnaryOperator<String> digest(String algorithm, int uses) {
        String challenge =
                "Digest realm=\"gate\", nonce=\"abc\", qop=\"auth\", algorithm=" + algorithm + ", opaque=\"o\"";
        int[] use = {0};
        return head -> {
            String sent = header(head, "Proxy-Authorization");
            if (sent.isEmpty() || use[0] == uses) {
                return response(407, "Proxy-Authenticate: " + challenge);
            }
            String target = head.substring("CONNECT ".length(), head.indexOf(" HTTP/1.1"));
            String expected =
                    ExpectedDigest.of(challenge, "CONNECT", target, ExpectedDigest.clientNonce(sent), ++use[0]);
            return sent.equals(expected) ? "" : response(400);
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"MD5", "SHA-256"})
    void digestIsAnsweredAndItsUsesCounted(String algorithm) throws Exception {
        Mufasa mufasa = new Mufasa("Mufasa");
        try (Peer proxy = ProxyPeer.http(digest(algorithm, 3));
                WebSocketClient client = client(proxy(Proxy.Type.HTTP, proxy.port()))
                        .authenticator(mufasa)
                        .build()) {
            for (int i = 0; i < 3; i++) {
                greeted(client, uri()).close();
            }
            assertEquals(1, mufasa.challenges.get());
            assertEquals(4, proxy.heads.size());
        }
    }

    @Test
    void aRefusedTunnelIsAProxyExceptionWithItsStatusAndNotTheServers() throws Exception {
        try (Peer proxy = ProxyPeer.http(head -> response(403, "X-Why: rules"));
                WebSocketClient client =
                        client(proxy(Proxy.Type.HTTP, proxy.port())).build()) {
            ProxyException refusal = failure(ProxyException.class, client.connect(uri(), new Chat()));
            assertEquals(403, refusal.status());
            assertEquals(
                    "rules",
                    Objects.requireNonNull(refusal.response()).headers().first("X-Why"));
            assertEquals(
                    "the proxy 127.0.0.1:" + proxy.port() + " did not connect to inside.test:" + server.port()
                            + ": 403 Because",
                    refusal.getMessage());
        }
    }

    @Test
    void aProxyThatRejectsTheCredentialsGetsTwoRequestsOnly() throws Exception {
        Mufasa mufasa = new Mufasa("Scar");
        try (Peer proxy = ProxyPeer.http(head -> BASIC);
                WebSocketClient client = client(proxy(Proxy.Type.HTTP, proxy.port()))
                        .authenticator(mufasa)
                        .build()) {
            ProxyException refusal = failure(ProxyException.class, client.connect(uri(), new Chat()));
            assertEquals(407, refusal.status());
            assertEquals(2, proxy.heads.size());
            assertEquals(1, mufasa.challenges.get());
        }
        assertEquals(0, LinkOpener.HOSTS.keys());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-OpenSSH\r\n",
                "HTTP/1.1 200 OK\r\n\r\nmore",
                "HTTP/1.1 101 Switching Protocols\r\n\r\n",
                "HTTP/1.1 302 Found\r\nLocation: ws://127.0.0.1/\r\n\r\n"
            })
    void aMalformedProxyResponseIsAProxyException(String nonsense) throws Exception {
        try (Peer proxy = ProxyPeer.http(head -> nonsense);
                WebSocketClient client = client(proxy(Proxy.Type.HTTP, proxy.port()))
                        .redirects(3)
                        .build()) {
            ProxyException refusal = failure(ProxyException.class, client.connect(uri(), new Chat()));
            assertTrue(String.valueOf(refusal.getMessage()).startsWith("the proxy 127.0.0.1:"), refusal.getMessage());
            assertEquals(0, server.accepted());
        }
    }

    @Test
    void socksGetsTheNameAndNoCredentialsUnlessItRequestsThem() throws Exception {
        Mufasa mufasa = new Mufasa("Mufasa");
        ProxyPeer.SocksLog socks = new ProxyPeer.SocksLog("", 0);
        try (Peer proxy = socks.peer;
                WebSocketClient client = client(proxy(Proxy.Type.SOCKS, proxy.port()))
                        .authenticator(mufasa)
                        .build()) {
            greeted(client, uri()).close();
            greeted(client, server.uri()).close();
            greeted(client, "ws://[::1]:" + server.port() + "/").close();
            assertEquals(
                    List.of(
                            "name inside.test " + server.port(),
                            "literal 127.0.0.1 " + server.port(),
                            "literal 0:0:0:0:0:0:0:1 " + server.port()),
                    socks.seen);
            assertEquals(0, mufasa.challenges.get());
        }
    }

    @Test
    void socksWithUserAndPassword() throws Exception {
        Mufasa mufasa = new Mufasa("Jäsøn");
        ProxyPeer.SocksLog socks = new ProxyPeer.SocksLog("Jäsøn:Circle of Life", 0);
        try (Peer proxy = socks.peer;
                WebSocketClient client = client(proxy(Proxy.Type.SOCKS, proxy.port()))
                        .authenticator(mufasa)
                        .build()) {
            greeted(client, uri()).close();
            assertEquals(1, mufasa.challenges.get());
            assertTrue(mufasa.last.startsWith("PROXY SOCKS5 SOCKS authentication SOCKS5"), mufasa.last);
        }
    }

    @Test
    void aSocksRefusalIsReportedWithItsReason() throws Exception {
        Mufasa scar = new Mufasa("Scar");
        ProxyPeer.SocksLog locked = new ProxyPeer.SocksLog("Mufasa:x", 0);
        ProxyPeer.SocksLog closed = new ProxyPeer.SocksLog("", 2);
        try (Peer lock = locked.peer;
                Peer rules = closed.peer;
                WebSocketClient none =
                        client(proxy(Proxy.Type.SOCKS, lock.port())).build();
                WebSocketClient wrong = client(proxy(Proxy.Type.SOCKS, lock.port()))
                        .authenticator(scar)
                        .build();
                WebSocketClient shut =
                        client(proxy(Proxy.Type.SOCKS, rules.port())).build()) {
            assertTrue(
                    message(none).endsWith("requires an authentication for which this client has no credentials"),
                    message(none));
            assertTrue(message(wrong).endsWith("did not take the user name and password"), message(wrong));
            assertTrue(
                    message(shut)
                            .endsWith("did not connect to inside.test:" + server.port() + ": not allowed by its rules"),
                    message(shut));
        }
    }

    private String message(WebSocketClient client) {
        return String.valueOf(
                failure(ProxyException.class, client.connect(uri(), new Chat())).getMessage());
    }

    @Test
    void aProxyThatCannotBeReachedIsReportedAndTheNextIsTried() throws Exception {
        int closedPort;
        try (Peer gone = ProxyPeer.http(head -> "")) {
            closedPort = gone.port();
        }
        try (Peer proxy = ProxyPeer.http(head -> "")) {
            Proxy dead = proxy(Proxy.Type.HTTP, closedPort);
            Proxy unknown = new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved("gate.test", 80));
            ProxyPeer.RecordingProxySelector choice =
                    new ProxyPeer.RecordingProxySelector(dead, unknown, proxy(Proxy.Type.HTTP, proxy.port()));
            try (WebSocketClient client = client().proxy(choice).build()) {
                greeted(client, uri()).close();
            }
            assertEquals(List.of(dead.address(), unknown.address()), choice.unreachable);
            ProxyPeer.RecordingProxySelector onlyDead = new ProxyPeer.RecordingProxySelector(dead);
            try (WebSocketClient client = client().proxy(onlyDead).build()) {
                ConnectException refused = failure(ConnectException.class, client.connect(uri(), new Chat()));
                assertTrue(String.valueOf(refused.getMessage()).contains("the proxy 127.0.0.1:" + closedPort));
                assertEquals(List.of(dead.address()), onlyDead.unreachable);
            }
        }
        assertEquals(0, LinkOpener.HOSTS.keys());
    }

    @Test
    void aProxyWhoseAddressIsResolvedIsNotLookedUpAgain() throws Exception {
        try (Peer proxy = ProxyPeer.http(head -> "")) {
            InetSocketAddress named = new InetSocketAddress(
                    InetAddress.getByAddress("gate.test", new byte[] {127, 0, 0, 1}), proxy.port());
            try (WebSocketClient client =
                    client(new Proxy(Proxy.Type.HTTP, named)).build()) {
                greeted(client, uri()).close();
            }
            assertEquals(1, proxy.heads.size());
        }
    }

    @Test
    void aSelectorMayChooseNoProxy() throws Exception {
        ProxyPeer.RecordingProxySelector direct = new ProxyPeer.RecordingProxySelector(Proxy.NO_PROXY);
        try (WebSocketClient client = client().proxy(direct).build()) {
            greeted(client, server.uri()).close();
            assertEquals(1, direct.selectedFor.size());
        }
    }
}
