package dev.tenon.ws.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tenon.ws.extension.Extensions;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No text for users or logs contains a possible credential. */
class RedactionTest {
    private static final String SECRET = "S3cr3t-of-the-user-0123456789";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Authorization",
                "authorization",
                "Proxy-Authorization",
                "Cookie",
                "Set-Cookie",
                "Authentication-Info",
                "X-Auth-Token",
                "X-Auth",
                "Auth",
                "X-Api-Key",
                "Apikey",
                "X-Access-Token",
                "X-Amz-Security-Token",
                "X-Amz-Access-Key",
                "X-Vault-Token",
                "Private-Token",
                "X-Csrf-Token",
                "X-XSRF",
                "X-Session-Id",
                "X-Client-Secret",
                "X-Password",
                "X-Hub-Signature-256",
                "Cf-Access-Jwt-Assertion",
                "X-Amzn-Oidc-Data",
                "X-MS-Client-Principal",
                "Sec-WebSocket-Protocol"
            })
    void valuesOfSecretHeadersAreLeftOut(String name) {
        Headers headers = Headers.of("A", "b", name, "Bearer " + SECRET, "C", "d");
        assertEquals("A: b\n" + name + ": <redacted>\nC: d\n", headers.toString());
        assertEquals("Bearer " + SECRET, headers.first(name), "but they travel");
        for (Object shown :
                new Object[] {new HttpRequest("GET", "/", HttpVersion.HTTP_1_1, headers), HttpResponse.of(401, headers)
                }) {
            assertFalse(shown.toString().contains(SECRET), shown::toString);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "WWW-Authenticate, 'Digest realm=\"a\"'",
        "Proxy-Authenticate, Basic",
        "Sec-WebSocket-Key, dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Accept, s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
        "Sec-WebSocket-Protocol, 'graphql-transport-ws, v5.channel.k8s.io'",
        "Sec-WebSocket-Extensions, permessage-deflate",
        "Origin, https://example.org",
        ":authority, example.org",
        "Location, https://example.org/a",
        "Retry-After, 5"
    })
    void usefulDetailsAreShown(String name, String value) {
        assertEquals(
                name + ": " + value + "\n",
                Headers.builder().add(name, value).build().toString());
    }

    @Test
    void queriesAndTokensInSubprotocolsAreLeftOut() {
        HttpRequest request = new HttpRequest(
                "GET",
                "/chat?access_token=" + SECRET,
                HttpVersion.HTTP_1_1,
                Headers.of("Sec-WebSocket-Protocol", "chat, " + SECRET, "Referer", "https://a/?" + SECRET));
        assertEquals(
                "GET /chat?… HTTP/1.1\nSec-WebSocket-Protocol: <redacted>\nReferer: https://a/?…\n",
                request.toString());
        assertEquals(
                "Sec-WebSocket-Protocol: <redacted>\n",
                Headers.of("Sec-WebSocket-Protocol", "access_token, abc").toString());
        assertEquals(
                "302 Found\nLocation: https://b/cb?…\n(0 bytes of body)",
                HttpResponse.of(302, Headers.of("Location", "https://b/cb?code=" + SECRET))
                        .toString());
        assertEquals(
                ":path: /a?…\n",
                Headers.builder().add(":path", "/a?" + SECRET).build().toString());
    }

    @Test
    void anAgreementShowsNeitherQueryNorTokens() {
        ClientHandshake.Builder builder = ClientHandshake.to(WebSocketUri.parse("ws://a/b?token=" + SECRET))
                .subprotocols(List.of("chat", SECRET))
                .header("Authorization", "Bearer " + SECRET);
        ClientHandshake client = builder.start();
        ServerHandshake server = new ServerHandshake(Extensions.none(), List.of(SECRET), OriginPolicy.any());
        UpgradeRequest upgrade = server.check(client.request(), false, null);
        assertFalse(upgrade.toString().contains(SECRET), upgrade::toString);
        Agreement served = server.accept(upgrade, Headers.of("Set-Cookie", SECRET));
        assertEquals(SECRET, served.upgrade().subprotocol());
        Agreement agreed = client.verify(served.response());
        for (Object shown : List.of(served, agreed, client.request(), served.response())) {
            assertFalse(shown.toString().contains(SECRET), shown::toString);
        }
        assertTrue(agreed.toString().startsWith("Agreement[Upgrade[ws://a/b?…, "), agreed::toString);
        assertTrue(agreed.toString().contains(", subprotocol=<redacted>, "), agreed::toString);
    }

    static Stream<Executable> mistakes() {
        ClientHandshake.Builder builder = ClientHandshake.to(WebSocketUri.parse("ws://a/"));
        ServerHandshake server = new ServerHandshake(Extensions.none(), List.of(), OriginPolicy.any());
        UpgradeRequest upgrade = server.check(Samples.client().request(), false, null);
        return Stream.of(
                () -> Headers.of("Authorization", "Bearer " + SECRET + "\n"),
                () -> Headers.of("X", SECRET + "€"),
                () -> Headers.of("Authorization: Bearer " + SECRET, "x"),
                () -> builder.subprotocols(List.of(SECRET + "=")),
                () -> builder.subprotocols(List.of(SECRET, SECRET)),
                () -> builder.header("Sec-WebSocket-Protocol", SECRET),
                () -> server.accept(upgrade, SECRET, Headers.empty()),
                () -> new WebSocketUri(false, "a", 80, "/b?" + SECRET + " "),
                () -> WebSocketUri.parseStrict("ws://a/?" + SECRET + " "),
                () -> WebSocketUri.parse("ftp://a/?" + SECRET),
                () -> new HttpRequest("GET", "/a?" + SECRET + " ", HttpVersion.HTTP_1_1, Headers.empty()),
                () -> Samples.client()
                        .receive(ByteBuffer.wrap(Samples.bytes(Samples.with("Sec-WebSocket-Protocol: " + SECRET)
                                .apply(Samples.without("Sec-WebSocket-Protocol").apply(Samples.ANSWER))))));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void noMessageRepeatsACredential(Executable mistake) {
        RuntimeException thrown = assertThrows(RuntimeException.class, mistake);
        assertFalse(thrown.toString().contains("S3cr3t"), thrown::toString);
    }

    @Test
    void noTerminalObeysWhatAPeerHasSent() {
        String reason = "N\u009B31mo";
        HandshakeException refusal = assertThrows(
                HandshakeException.class,
                () -> Samples.client()
                        .receive(ByteBuffer.wrap(Samples.bytes(
                                "HTTP/1.1 403 " + reason + "\r\nContent-Length: 0\r\nX: \u0085\r\n\r\n"))));
        assertEquals("the server did not accept the connection: 403 N?31mo", refusal.getMessage());
        HttpResponse response = Objects.requireNonNull(refusal.response());
        assertEquals(reason, response.reason(), "as it was sent");
        assertEquals("403 N?31mo\nContent-Length: 0\nX: ?\n(0 bytes of body)", response.toString());
    }
}
