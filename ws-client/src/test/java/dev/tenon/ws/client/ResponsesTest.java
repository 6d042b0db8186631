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

import dev.tenon.ws.handshake.HandshakeException;
import java.net.Authenticator;
import java.net.CookieManager;
import java.net.PasswordAuthentication;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Responses other than 101: redirects, challenges, refusals; and the cookies of all of them. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ResponsesTest {
    private static WebSocketClient.Builder client() {
        return WebSocketClient.builder().proxy(null);
    }

    /** Answers every request with a redirect. */
    private static Peer redirecting(int status, String location) throws Exception {
        Peer[] peer = new Peer[1];
        peer[0] = Peer.start(socket -> {
            peer[0].head(socket);
            say(socket, response(status, "Location: " + location, "Set-Cookie: seen=here"));
        });
        return peer[0];
    }

    private static Peer greeting() throws Exception {
        Peer[] peer = new Peer[1];
        peer[0] = Peer.start(socket -> peer[0].greet(socket));
        return peer[0];
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void aRedirectIsFollowedOnRequestAndSendsNoCredentialsToAnotherOrigin(int status) throws Exception {
        try (Peer target = greeting();
                Peer first = redirecting(status, "http://127.0.0.1:" + target.port() + "/moved?a=b");
                WebSocketClient client = client().redirects(
                                RedirectPolicy.follow(3).withCarried("x-other"))
                        .build()) {
            ConnectRequest request = ConnectRequest.to(first.uri())
                    .withHeader("Authorization", "Basic c2VjcmV0")
                    .withHeader("Cookie", "id=secret")
                    .withHeader("X-Other", "kept");
            greeted(client, request).close();
            String firstRequest = first.heads.get(0);
            assertTrue(has(firstRequest, "Authorization") && has(firstRequest, "Cookie"));
            String moved = target.heads.get(0);
            assertTrue(moved.startsWith("GET /moved?a=b HTTP/1.1\r\n"), moved);
            assertFalse(has(moved, "Authorization"), moved);
            assertFalse(has(moved, "Cookie"), moved);
            assertEquals("kept", header(moved, "X-Other"));
            assertFalse(header(moved, "Sec-WebSocket-Key").equals(header(firstRequest, "Sec-WebSocket-Key")));
        }
    }

    @Test
    void withinAnOriginCredentialsGoAlong() throws Exception {
        Peer[] peer = new Peer[1];
        try (Peer server = Peer.start(socket -> {
                    String head = peer[0].head(socket);
                    if (head.startsWith("GET /chat ")) {
                        say(socket, response(302, "Location: ../elsewhere"));
                    } else {
                        greet(socket, head, "");
                    }
                });
                WebSocketClient client = client().redirects(1).build()) {
            peer[0] = server;
            greeted(client, ConnectRequest.to(server.uri()).withHeader("Authorization", "Basic c2VjcmV0"))
                    .close();
            assertTrue(server.heads.get(1).startsWith("GET /elsewhere "));
            assertEquals("Basic c2VjcmV0", header(server.heads.get(1), "Authorization"));
        }
    }

    @Test
    void byDefaultARedirectIsAFailureWithTheResponseInIt() throws Exception {
        try (Peer first = redirecting(302, "/other");
                WebSocketClient client = client().build()) {
            HandshakeException refusal = failure(HandshakeException.class, client.connect(first.uri(), new Chat()));
            assertEquals(302, refusal.status());
            assertEquals("/other", refusal.location());
        }
    }

    @Test
    void redirectsHaveAnEnd() throws Exception {
        try (Peer first = redirecting(307, "/again");
                WebSocketClient client = client().redirects(4).build()) {
            HandshakeException refusal = failure(HandshakeException.class, client.connect(first.uri(), new Chat()));
            assertEquals("the server redirects too often", refusal.getMessage());
            assertEquals(307, refusal.status());
            assertEquals(5, first.heads.size());
        }
    }

    @Test
    void aRedirectToWhereNoWebSocketIsFails() throws Exception {
        try (Peer first = redirecting(302, "ftp://127.0.0.1/");
                WebSocketClient client = client().redirects(4).build()) {
            HandshakeException refusal = failure(HandshakeException.class, client.connect(first.uri(), new Chat()));
            assertTrue(String.valueOf(refusal.getMessage()).contains("a URI that is not for WebSocket"));
            assertEquals(302, refusal.status());
        }
    }

    @Test
    void cookiesAreKeptFromRefusalsRedirectsAndUpgradesAndGoBackToTheirHostAlone() throws Exception {
        CookieManager cookies = new CookieManager();
        Peer[] peer = new Peer[1];
        try (Peer server = Peer.start(socket -> {
                    String head = peer[0].head(socket);
                    switch (peer[0].heads.size()) {
                        case 1 -> say(socket, response(403, "Set-Cookie: one=1"));
                        case 2 -> say(socket, response(302, "Location: /chat", "Set-Cookie: two=2"));
                        default -> greet(socket, head, "Set-Cookie: three=3\r\n");
                    }
                });
                WebSocketClient client = client().cookies(cookies).redirects(1).build()) {
            peer[0] = server;
            failure(HandshakeException.class, client.connect(server.uri(), new Chat()));
            greeted(client, ConnectRequest.to(server.uri()).withHeader("Cookie", "own=0"))
                    .close();
            assertFalse(has(server.heads.get(0), "Cookie"));
            assertEquals("own=0; one=1", header(server.heads.get(1), "Cookie"));
            assertEquals("own=0; one=1; two=2", header(server.heads.get(2), "Cookie"));
            assertEquals(
                    3,
                    cookies.getCookieStore()
                            .get(URI.create("http://127.0.0.1/"))
                            .size());
            assertEquals(
                    0,
                    cookies.getCookieStore()
                            .get(URI.create("http://127.0.0.2/"))
                            .size());
        }
    }

    /** Returns the same user and password for every request, and counts the requests. */
    static final class Mufasa extends Authenticator {
        final AtomicInteger challenges = new AtomicInteger();
        final String user;
        volatile String last = "";

        Mufasa(String user) {
            this.user = user;
        }

        @Override
        protected PasswordAuthentication getPasswordAuthentication() {
            challenges.incrementAndGet();
            last = getRequestorType() + " " + getRequestingScheme() + " " + getRequestingPrompt() + " "
                    + getRequestingProtocol() + " " + getRequestingURL() + " "
                    + Thread.currentThread().getName();
            return new PasswordAuthentication(user, "Circle of Life".toCharArray());
        }
    }

    @Test
    void aChallengeIsAnsweredByTheAuthenticatorAndTheResponseKeptForTheServer() throws Exception {
        Mufasa mufasa = new Mufasa("Jäsøn");
        Peer[] peer = new Peer[1];
        try (Peer server = Peer.start(socket -> {
                    String head = peer[0].head(socket);
                    if (has(head, "Authorization")) {
                        greet(socket, head, "");
                    } else {
                        say(socket, response(401, "WWW-Authenticate: Basic realm=\"den\", charset=\"UTF-8\""));
                    }
                });
                WebSocketClient client = client().authenticator(mufasa).build()) {
            peer[0] = server;
            greeted(client, server.uri()).close();
            greeted(client, server.uri()).close();
            String expected = "Basic "
                    + Base64.getEncoder().encodeToString("Jäsøn:Circle of Life".getBytes(StandardCharsets.UTF_8));
            assertEquals(3, server.heads.size());
            assertEquals(expected, header(server.heads.get(1), "Authorization"));
            assertEquals(expected, header(server.heads.get(2), "Authorization"));
            assertEquals(1, mufasa.challenges.get());
            assertTrue(
                    mufasa.last.startsWith("SERVER basic den http http://127.0.0.1:" + server.port()
                            + "/chat tenon-client-background"),
                    mufasa.last);
        }
    }

    @Test
    void rejectedCredentialsAreNotSentTwice() throws Exception {
        Mufasa mufasa = new Mufasa("Scar");
        Peer[] peer = new Peer[1];
        try (Peer server = Peer.start(socket -> {
                    peer[0].head(socket);
                    say(socket, response(401, "WWW-Authenticate: Basic realm=\"den\""));
                });
                WebSocketClient client = client().authenticator(mufasa).build()) {
            peer[0] = server;
            HandshakeException refusal = failure(HandshakeException.class, client.connect(server.uri(), new Chat()));
            assertEquals(401, refusal.status());
            assertEquals(2, server.heads.size());
            assertEquals(1, mufasa.challenges.get());
            failure(HandshakeException.class, client.connect(server.uri(), new Chat()));
            assertFalse(has(server.heads.get(2), "Authorization"));
            assertEquals(2, mufasa.challenges.get());
        }
    }

    @Test
    void aStaleNonceIsReplacedWithoutTheAuthenticatorAndUsesAreCounted() throws Exception {
        Mufasa mufasa = new Mufasa("Mufasa");
        Peer[] peer = new Peer[1];
        try (Peer server = Peer.start(socket -> {
                    String head = peer[0].head(socket);
                    String digest = "WWW-Authenticate: Digest realm=\"r\", qop=\"auth\", algorithm=SHA-256, nonce=";
                    switch (peer[0].heads.size()) {
                        case 1 -> say(socket, response(401, digest + "\"first\""));
                        case 4 -> say(socket, response(401, digest + "\"second\", stale=TRUE"));
                        default -> greet(socket, head, "");
                    }
                });
                WebSocketClient client = client().authenticator(mufasa).build()) {
            peer[0] = server;
            for (int i = 0; i < 3; i++) {
                greeted(client, server.uri()).close();
            }
            assertEquals(1, mufasa.challenges.get());
            assertDigest(server.heads.get(1), "first", 1);
            assertDigest(server.heads.get(2), "first", 2);
            assertDigest(server.heads.get(3), "first", 3);
            assertDigest(server.heads.get(4), "second", 1);
        }
    }

    private static void assertDigest(String head, String nonce, int count) {
        String sent = header(head, "Authorization");
        assertTrue(sent.contains("nonce=\"" + nonce + "\""), sent);
        assertTrue(sent.contains("nc=" + String.format(Locale.ROOT, "%08x", count)), sent);
        assertTrue(sent.contains("uri=\"/chat\""), sent);
    }

    @Test
    void withoutAnAuthenticatorOrWithAnOwnAuthorizationAChallengeIsAFailure() throws Exception {
        Mufasa mufasa = new Mufasa("Mufasa");
        Peer[] peer = new Peer[1];
        try (Peer server = Peer.start(socket -> {
                    peer[0].head(socket);
                    say(socket, response(401, "WWW-Authenticate: Basic realm=\"den\""));
                });
                WebSocketClient without = client().build();
                WebSocketClient with = client().authenticator(mufasa).build()) {
            peer[0] = server;
            assertEquals(
                    401,
                    failure(HandshakeException.class, without.connect(server.uri(), new Chat()))
                            .status());
            failure(
                    HandshakeException.class,
                    with.connect(
                            ConnectRequest.to(server.uri()).withHeader("Authorization", "Basic mine"), new Chat()));
            assertEquals(0, mufasa.challenges.get());
            assertEquals(2, server.heads.size());
        }
    }

    @Test
    void aProxysCredentialsCannotBeGivenToTheServerByMistake() throws Exception {
        try (WebSocketClient client = client().build()) {
            ConnectRequest request =
                    ConnectRequest.to("ws://127.0.0.1:1/").withHeader("Proxy-Authorization", "Basic c2VjcmV0");
            assertThrows(IllegalArgumentException.class, () -> client.connect(request, new Chat()));
        }
    }

    @Test
    void anExecutorThatRefusesAndHandlersThatThrowAreFailures() throws Exception {
        try (Peer server = greeting();
                WebSocketClient refusing = client().executor(task -> {
                            throw new java.util.concurrent.RejectedExecutionException("full");
                        })
                        .build();
                WebSocketClient throwing = client().cookies(new java.net.CookieHandler() {
                            @Override
                            public java.util.Map<String, java.util.List<String>> get(
                                    URI uri, java.util.Map<String, java.util.List<String>> headers) {
                                throw new IllegalStateException("no jar");
                            }

                            @Override
                            public void put(URI uri, java.util.Map<String, java.util.List<String>> headers) {}
                        })
                        .build()) {
            java.io.IOException full = failure(
                    java.io.IOException.class, refusing.connect("ws://localhost:" + server.port() + "/", new Chat()));
            assertTrue(String.valueOf(full.getMessage()).contains("the executor has refused"), full.toString());
            java.io.IOException jar = failure(java.io.IOException.class, throwing.connect(server.uri(), new Chat()));
            assertTrue(String.valueOf(jar.getMessage()).contains("the cookie handler"), jar.toString());
        }
    }
}
